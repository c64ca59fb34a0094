import NodeStore
import ObjectModel
import Testing

struct FQNTests {
    static let mountpath = Mountpath(hostPath: "/mnt/d1", aisPath: "/ais/mp1")

    @Test func pathsAsAIStoreMakesThem() throws {
        for object in try #require(try vector("uname-fqn.json").array) {
            let uri = try ObjectURI(parsing: object.text("cname"))
            let bucket = try #require(uri.bucket)
            #expect(bucket.objectUname(uri.object) == (try object.text("uname")))
            let stored = try FQN.storedName(of: uri.object, in: bucket, on: Self.mountpath)
            #expect(stored == FQN.StoredName(name: uri.object, originalFQN: nil))
            let relative = "\(FQN.bucketDirectory(bucket, .object))/\(stored.name)"
            #expect("/ais/mp1/\(relative)" == (try object.text("fqn_ob")))
            #expect("/ais/mp1/\(FQN.bucketDirectory(bucket, .work))" == (try object.text("fqn_wk_dir")))
            let parsed = try #require(FQN.parse(relative))
            #expect(parsed == (bucket, .object, uri.object))
            for content in ContentType.allCases {
                let directory = try #require(FQN.parse(FQN.bucketDirectory(bucket, content)))
                #expect(directory == (bucket, content, ""))
            }
        }
    }

    @Test(arguments: [
        "", "/", "@ais", "@ais/b", "@ais/b/ob/x", "@ais/b/%xx/x", "ais/b/%ob/x", "@s3/b/%ob/x", "@ais/@u/b/%ob/x",
        "@ais/@#/b/%ob/x", "@ais/#/b/%ob/x", "@ais/#n/%ob/x", "@ais//%ob/x", "@ais/b b/%ob/x", ".ais.bmd",
        "/@ais/b/%ob/x",
    ])
    func noPathsOfAIStore(_ relative: String) {
        #expect(FQN.parse(relative) == nil)
    }

    @Test func theLongNameHash() throws {
        for name in try #require(try vector("long-names.json").array) {
            let object = try name.text("object")
            #expect(FQN.isTooLong(object) == name["is_too_long"]?.bool)
            if let shortened = name["shortened"]?.string { #expect(FQN.shortened(object) == shortened) }
        }
        #expect(!FQN.isTooLong("d/" + String(repeating: "x", count: 255)))
        #expect(FQN.isTooLong("d/" + String(repeating: "x", count: 256)))
        #expect(FQN.isTooLong(String(repeating: "x", count: 256)))
    }

    @Test func longNamesKeepTheirFQN() throws {
        let bucket = try Bucket(provider: .aws, namespace: Namespace(name: "n"), name: "b")
        let object = "d/" + String(repeating: "x", count: 300) + ".tar"
        let stored = try FQN.storedName(of: object, in: bucket, on: Self.mountpath)
        let original = "/ais/mp1/@aws/#n/b/%ob/\(object)"
        #expect(stored.originalFQN == original)
        #expect(stored.name == FQN.shortened(original))
        #expect(stored.name.utf8.count == 66)
        let long = String(
            repeating: "x", count: 2_048 - CustomKeys.originalFQN.utf8.count - "/ais/mp1/@aws/#n/b/%ob/".utf8.count)
        let fits = try FQN.storedName(of: long, in: bucket, on: Self.mountpath)
        let lom = LOM(
            checksumType: .none, checksumValue: "", size: 1, lid: LOM.longNameBit,
            custom: [CustomKeys.originalFQN: try #require(fits.originalFQN)])
        #expect(try LOM(decoding: lom.encoded()).hasLongName)
        #expect(throws: NameError.self) { try FQN.storedName(of: long + "x", in: bucket, on: Self.mountpath) }
    }

    @Test(arguments: [Namespace.global, Namespace(name: "n"), Namespace(uuid: "u"), Namespace(uuid: "u", name: "n")])
    func pathsHaveALimit(_ namespace: Namespace) throws {
        let bucket = try Bucket(provider: .azure, namespace: namespace, name: String(repeating: "b", count: 200))
        let deep = Mountpath(hostPath: "/m", aisPath: "/" + Array(repeating: "m", count: 400).joined(separator: "/"))
        let prefix = "\(deep.aisPath)/\(FQN.bucketDirectory(bucket, .object))/".utf8.count
        let fits = String(String(repeating: "ab/", count: 1_100).prefix(FQN.byteCountMax - prefix - 3)) + "abc"
        #expect(prefix + fits.utf8.count == FQN.byteCountMax)
        #expect(try FQN.storedName(of: fits, in: bucket, on: deep).name == fits)
        #expect(throws: NameError.self) { try FQN.storedName(of: fits + "d", in: bucket, on: deep) }
        let swapped = Mountpath(hostPath: deep.aisPath, aisPath: "/m")
        #expect(throws: NameError.self) { try FQN.storedName(of: fits + "d", in: bucket, on: swapped) }
    }
}
