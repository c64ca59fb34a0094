import ObjectModel
import Testing

struct ObjectURITests {
    @Test func parsesAsAIStoreDoes() throws {
        let vectors = try #require(try fixture("uris.json").array)
        #expect(vectors.count == 23)
        for vector in vectors {
            let text = try #require(vector["uri"]?.string)
            if let expected = vector["error"]?.string {
                let error = #expect(throws: NameError.self) { try ObjectURI(parsing: text) }
                #expect(error?.reason == expected, "\(text)")
                continue
            }
            let uri = try ObjectURI(parsing: text)
            #expect(uri.provider.rawValue == vector["provider"]?.string)
            #expect(uri.namespace.uuid == vector["ns_uuid"]?.string)
            #expect(uri.namespace.name == vector["ns_name"]?.string)
            #expect((uri.bucket?.name ?? "") == vector["bucket"]?.string)
            #expect(uri.object == vector["object"]?.string)
            #expect(uri.cname == vector["cname"]?.string)
            #expect(try ObjectURI(parsing: uri.cname) == uri)
        }
    }

    @Test func unames() throws {
        let vectors = try #require(try fixture("uname-fqn.json").array)
        #expect(!vectors.isEmpty)
        for vector in vectors {
            let uri = try ObjectURI(parsing: try #require(vector["cname"]?.string))
            let bucket = try #require(uri.bucket)
            #expect(bucket.objectUname(uri.object) == vector["uname"]?.string)
        }
    }

    @Test(arguments: [
        "ais:///x", "://b", "", "ais://#n s/b", "ais://@/b", "ais://b\u{0}", "s3://../x", "s3://a..b/x",
        "ais://@u#n#m/b", "ais://.", "ais://..",
    ])
    func refuses(_ text: String) {
        #expect(throws: NameError.self) {
            let uri = try ObjectURI(parsing: text)
            Issue.record("\(uri)")
        }
    }

    @Test func namespaceOfEveryForm() {
        #expect(Namespace(parsing: "@#") == .global)
        #expect(Namespace(parsing: "") == .global)
        #expect(Namespace(parsing: "#n") == Namespace(name: "n"))
        #expect(Namespace(parsing: "@#n") == Namespace(name: "n"))
        #expect(Namespace(parsing: "@u") == Namespace(uuid: "u"))
        #expect(Namespace(parsing: "@u#n") == Namespace(uuid: "u", name: "n"))
    }

    @Test func onlyLocalAISBucketsOwnTheirData() throws {
        #expect(try Bucket(provider: .ais, name: "b").isAIS)
        #expect(try Bucket(provider: .ais, namespace: Namespace(name: "n"), name: "b").isAIS)
        #expect(try !Bucket(provider: .ais, namespace: Namespace(uuid: "u"), name: "b").isAIS)
        #expect(try !Bucket(provider: .aws, name: "b").isAIS)
    }
}
