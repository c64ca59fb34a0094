import NodeStore
import ObjectModel
import TestSupport
import Testing

struct BMDTests {
    /// The stored BMD's bucket of that name.
    static func stored(_ uri: String) throws -> BMDBucket {
        let bmd = try BMD(decoding: vectorBytes("store/ais-bmd"), path: "ais-bmd")
        return try #require(bmd.find(try bucket(uri)))
    }

    static func bucket(_ uri: String) throws -> Bucket { try #require(try ObjectURI(parsing: uri).bucket) }

    @Test func readsANodesBMD() throws {
        let bmd = try BMD(decoding: vectorBytes("store/ais-bmd"), path: "ais-bmd")
        #expect(bmd.uuid == "O_3Lr00aL1")
        #expect(bmd.version == 9)
        #expect(
            bmd.buckets.map(\.bucket.cname) == [
                "ais://.sys-shardidx", "ais://imagenet", "ais://mir", "ais://nnn", "ais://sha", "ais://#prod/llm-data",
                "ais://@gw1OWWdOt/remote-data", "ht://M2M1NDgwODg0MjhiNTc2MQ",
            ])
        #expect(bmd.buckets.allSatisfy { bmd.find($0.bucket) == $0 })
        #expect(try Self.stored("ais://imagenet").bid == 1 << 63 | 1)
        #expect(try Self.stored("ais://imagenet").versioningEnabled)
        #expect(try Self.stored("ais://mir").mirrorCopies == 2)
        #expect(try Self.stored("ais://imagenet").mirrorCopies == 1)
        #expect(try Self.stored("ais://sha").checksumType == .sha256)
        let remote = try Self.stored("ais://@gw1OWWdOt/remote-data")
        #expect(remote.bid == 7 && !remote.versioningEnabled && remote.isRemote && remote.backend == nil)
        let web = try Self.stored("ht://M2M1NDgwODg0MjhiNTc2MQ")
        #expect(web.originalURL == "http://127.0.0.1:8900/imagenet/" && web.bid == 5)
    }

    /// Replaying what the node did gives the very document it wrote.
    @Test func writesWhatANodeWrites() throws {
        let theirs = try BMD(decoding: vectorBytes("store/ais-bmd"), path: "ais-bmd")
        var ours = BMD(uuid: theirs.uuid)
        for bucket in theirs.buckets.sorted(by: { $0.bid & ~(1 << 63) < $1.bid & ~(1 << 63) }) {
            let created = try #require(bucket.props["created"]?.unsigned)
            let added = ours.add(
                BucketRequest(
                    bucket.bucket, originalURL: bucket.originalURL, checksumType: bucket.checksumType,
                    mirrorCopies: bucket.mirrorCopies),
                created: created)
            #expect(added == bucket)
        }
        #expect(ours == theirs)
    }

    @Test func versionsSerialsAndIDs() throws {
        var bmd = BMD(uuid: "Abcdefgh1")
        #expect(bmd.version == 1 && bmd.buckets.isEmpty)
        let uris = ["ais://a", "ais://@u/a", "s3://a", "gs://#n/a", "ht://a", "ais://#n/a"]
        for (index, uri) in uris.enumerated() {
            let added = bmd.add(BucketRequest(try Self.bucket(uri)), created: 5)
            let serial = UInt64(index + 1)
            #expect(added.bid == (added.bucket.isAIS ? 1 << 63 | serial : serial))
            #expect(bmd.version == serial + 1)
            #expect(added.versioningEnabled == added.bucket.isAIS)
        }
        let before = bmd
        #expect(bmd.add(BucketRequest(try Self.bucket("s3://a"), region: "x"), created: 6).bid == 3)
        #expect(bmd == before)
        #expect(bmd.remove(try Self.bucket("s3://a")))
        #expect(!bmd.remove(try Self.bucket("s3://a")))
        #expect(bmd.version == 8)
        #expect(bmd.add(BucketRequest(try Self.bucket("s3://a"), region: "eu-1"), created: 6).bid == 8)
        #expect(bmd.find(try Self.bucket("s3://a"))?.props["extra"]?["aws"]?["cloud_region"] == "eu-1")
        #expect(
            bmd.update(try Self.bucket("s3://a")) {
                $0["features"] = "4"
                $0["bid"] = "1"
            })
        #expect(bmd.version == 10)
        #expect(bmd.find(try Self.bucket("s3://a"))?.bid == 8)
        #expect(!bmd.update(try Self.bucket("s3://b")) { $0 = [:] })
    }

    @Test func unknownFieldsSurvive() throws {
        let root = try JSONValue.parse(
            """
            {"ext":{"n":18446744073709551615,"f":0.1},"providers":{"hdfs":{"@#":{"old":{"bid":"41","x":[1]}}},
            "aws":{"@#":{"b":{"bid":"3","new_field":{"deep":[true,null]},"extra":{"future":{}}}}}},"uuid":"u","version":"40"}
            """)
        var bmd = try BMD(root: root, path: "x")
        #expect(bmd.buckets.count == 1)
        let added = bmd.add(BucketRequest(try Self.bucket("s3://c")), created: 1)
        // Above every serial, those of unknown providers too.
        #expect(added.bid == 42 && bmd.version == 43)
        bmd.remove(added.bucket)
        let read = try BMD(decoding: bmd.encoded(), path: "x")
        var expected = root
        expected["version"] = "44"
        #expect(read.root == expected)
    }

    @Test(arguments: [
        "[]", "{}", #"{"uuid":"u","version":"1"}"#, #"{"providers":{},"version":"1"}"#, #"{"providers":{},"uuid":"u"}"#,
        #"{"providers":{},"uuid":"u","version":"-1"}"#, #"{"providers":{},"uuid":"u","version":"x"}"#,
        #"{"providers":{},"uuid":"u","version":"18446744073709551615"}"#, #"{"providers":[],"uuid":"u","version":"1"}"#,
        #"{"providers":{"aws":1},"uuid":"u","version":"1"}"#,
        #"{"providers":{"aws":{"@#":1}},"uuid":"u","version":"1"}"#,
        #"{"providers":{"aws":{"@#":{"b":{}}}},"uuid":"u","version":"1"}"#,
        #"{"providers":{"aws":{"@#":{"b":{"bid":"18446744073709551616"}}}},"uuid":"u","version":"1"}"#,
    ])
    func malformedOnesAreRefused(_ text: String) throws {
        let root = try JSONValue.parse(text)
        let error = #expect(throws: StoreError.self) { try BMD(root: root, path: "/m/.ais.bmd") }
        #expect(error?.kind == .unreadable && error?.path == "/m/.ais.bmd")
    }

    @Test func uuids() {
        var generator = SeededGenerator(state: 3)
        var seen: Set<String> = []
        for _ in 0..<1_000 {
            let uuid = BMD.makeUUID(using: &generator)
            #expect(uuid.utf8.count == 9 && BMD.isUUID(uuid))
            seen.insert(uuid)
        }
        #expect(seen.count == 1_000)
        for uuid in ["O_3Lr00aL1", "kFxJOtfA7", "gw1OWWdOt"] { #expect(BMD.isUUID(uuid)) }
        for uuid in ["", "short", "1bcdefghi", "_bcdefghi", "abcdefgh/", "abcdefghé"] { #expect(!BMD.isUUID(uuid)) }
    }

    @Test func backends() throws {
        var bmd = BMD(uuid: "Abcdefgh1")
        let backend = try Self.bucket("s3://@u#n/data")
        let added = bmd.add(BucketRequest(try Self.bucket("ais://front"), backend: backend), created: 1)
        #expect(added.backend == backend && added.isRemote)
        #expect(try !Self.stored("ais://imagenet").isRemote)
    }
}
