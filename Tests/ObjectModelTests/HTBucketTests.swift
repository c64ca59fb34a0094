import ObjectModel
import Testing

struct HTBucketTests {
    @Test func namesAsAIStoreDoes() throws {
        let vectors = try #require(try fixture("ht-buckets.json").array)
        #expect(vectors.count == 6)
        for vector in vectors {
            let found = try HTBucket.locate(url: try #require(vector["url"]?.string))
            #expect(found.bucket.name == vector["bucket"]?.string)
            #expect(found.object == vector["object"]?.string)
            #expect(found.originalURL == vector["original_url"]?.string)
            #expect(ObjectURI(bucket: found.bucket, object: found.object).cname == vector["cname"]?.string)
        }
    }

    @Test func secretsAndQueriesAreNoPartOfIt() throws {
        let plain = try HTBucket.locate(url: "http://host/dir/f.tar")
        for url in [
            "http://user:pw@host/dir/f.tar", "http://host/dir/f.tar?sig=a/b", "http://host/dir/f.tar#x/y",
            "HTTP://host/dir/f.tar", "http://u@x@host/dir/f.tar?q#f", "http://host/dir/f.tar?\u{301}secret",
        ] {
            #expect(try HTBucket.locate(url: url) == plain, "\(url)")
        }
        let secure = try HTBucket.locate(url: "https://host/dir/f.tar")
        #expect(secure.bucket == plain.bucket)
        #expect(secure.originalURL == "https://host/dir/")
    }

    @Test func aDirectoryHasNoObject() throws {
        #expect(try HTBucket.locate(url: "http://host/dir/").object == "")
        #expect(try HTBucket.locate(url: "http://host").originalURL == "http://host/")
        #expect(try HTBucket.locate(url: "http://host/a+b%2Bc").object == "a+b+c")
    }

    @Test(arguments: [
        "", "host/f", "ftp://host/f", "http://", "http:///f", "http://user@/f", "http://h/%", "http://h/%4",
        "http://h/%zz",

        "http://h/%ff", "http://h/%00", "http://h/a%0Ab", "http://h h/f",
    ])
    func refuses(_ url: String) {
        #expect(throws: NameError.self) { try HTBucket.locate(url: url) }
    }

    @Test func errorsShowNoSecret() {
        let error = #expect(throws: NameError.self) { try HTBucket.locate(url: "http://u:secret@h/%zz?k=secret") }
        #expect(error?.description.contains("secret") == false)
    }
}
