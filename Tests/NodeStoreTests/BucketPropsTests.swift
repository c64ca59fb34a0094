import Foundation
import ObjectModel
import Testing

@testable import NodeStore

/// Properties by their AIS names: what may be said, how AIStore writes it, and what a change does to the BMD.
struct BucketPropsTests {
    /// What is written into the BMD; the member is left out where it says nil.
    private static let good: [(String, JSONValue?)] = [
        ("checksum.type=sha256", "sha256"), ("Checksum.Type=none", "none"), ("checksum.validate_cold_get=yes", true),
        ("checksum.validate_obj_move=off", false), ("mirror.enabled=true", true), ("mirror.copies=3", 3),
        ("ec.enabled=1", true), ("ec.data_slices=8", 8), ("ec.parity_slices=1", 1),
        ("ec.objsize_limit=256KiB", 262_144),
        ("ec.objsize_limit=-1", -1), ("ec.compression=always", "always"), ("lru.dont_evict_time=2h", "2h0m"),
        ("lru.dont_evict_time=90s", "1m30s"), ("lru.capacity_upd_time=10m", "10m"),
        ("lru.dont_evict_time=250ms", "250ms"),
        ("lru.dont_evict_time=7d", "168h0m"), ("lru.dont_evict_time=1.5", "1.5s"), ("lru.dont_evict_time=0", "0s"),
        ("versioning.synchronize=TRUE", true), ("extra.aws.cloud_region=eu-west-1", "eu-west-1"),
        ("extra.aws.endpoint=https://s3.internal:9000", "https://s3.internal:9000"), ("extra.aws.profile=", nil),
        ("extra.aws.multipart_size=8MiB", "8MiB"), ("extra.aws.multipart_size=5242881", "5242881B"),
        ("extra.aws.multipart_size=0", nil), ("extra.aws.max_pagesize=500", 500),
    ]

    @Test func valuesAreWrittenAsAISWritesThem() throws {
        for (text, value) in Self.good {
            let change = try PropChange(parsing: text)
            #expect(change.value == value, "\(text)")
        }
    }

    @Test(arguments: [
        "checksum.type=sha1", "checksum.type=", "mirror.enabled=maybe", "mirror.enabled=", "mirror.copies=1",
        "mirror.copies=33", "mirror.copies=two", "mirror.copies=-2", "ec.data_slices=0", "ec.parity_slices=33",
        "ec.objsize_limit=-2", "ec.compression=zstd", "lru.dont_evict_time=soon", "lru.dont_evict_time=-1s",
        "extra.aws.endpoint=s3.internal", "extra.aws.endpoint=ftp://x", "extra.aws.endpoint=http://",
        "extra.aws.endpoint=https://user:secret@host", "extra.aws.cloud_region=a b",
        "extra.aws.multipart_size=1MiB", "backend_bck=data", "backend_bck=ais://own", "backend_bck=s3://data/object",
        "backend_bck=s3://", "backend_bck=ais://@nobody/b", "backend_bck=ht://b",
    ])
    func wrongValuesAreRefused(_ text: String) {
        let error = #expect(throws: StoreError.self) { try PropChange(parsing: text) }
        #expect(error?.kind == .usage)
        #expect(error?.message.contains(text.prefix { $0 != "=" }) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: ["mirror=2", "mirror.copie=2", "bid=1", "access=0", "provider=ais", "=1", "mirror.copies"])
    func unknownNamesListTheKnownOnes(_ text: String) {
        let error = #expect(throws: StoreError.self) { try PropChange(parsing: text) }
        #expect(error?.kind == .usage)
        guard text.contains("=") else { return }
        for prop in BucketProp.all { #expect(error?.message.contains(prop.name) == true) }
    }

    /// Every property that can be set is one that AIStore itself writes, or one of `extra`.
    @Test func everyNameIsAIStores() throws {
        let theirs = try BMDTests.stored("ais://imagenet").props
        for prop in BucketProp.all where !prop.name.hasPrefix("extra.") && prop.name != "backend_bck" {
            var value: JSONValue? = theirs
            for part in prop.name.split(separator: ".") { value = value?[String(part)] }
            let found = try #require(value, "\(prop.name)")
            switch prop.kind {
            case .flag: #expect(found.bool != nil, "\(prop.name)")
            case .number, .bytes: #expect(found.integer != nil, "\(prop.name)")
            case .choice(let choices): #expect(found.string.map(choices.contains) == true, "\(prop.name)")
            case .duration:
                let again = try PropChange(parsing: "\(prop.name)=\(found.string ?? "")")
                #expect(again.value == found, "\(prop.name)")
            default: #expect(found.string != nil, "\(prop.name)")
            }
        }
    }

    @Test func severalAtOnceAreOneVersion() throws {
        let scratch = try StoreScratch()
        let store = try scratch.store()
        let bucket = try BMDTests.bucket("ais://b")
        _ = try store.register([BucketRequest(bucket)], now: 5)
        let changes = try ["mirror.copies=3", "mirror.enabled=true", "checksum.type=md5"].map {
            try PropChange(parsing: $0)
        }
        let update = try store.setProps(bucket, changes)
        #expect(update.version == 3)
        #expect(update.differences.map(\.name) == ["checksum.type", "mirror.copies", "mirror.enabled"])
        let stored = try #require(try store.loadBMD().bmd.find(bucket))
        #expect(stored == update.after && stored.bid == update.before.bid)
        #expect(stored.mirrorCopies == 3 && stored.checksumType == .md5)
        #expect(try store.setProps(bucket, changes).version == 3, "nothing to change, nothing written")
        for mountpath in store.mountpaths.prefix(2) {
            let previous = FileManager.default.contents(atPath: "\(mountpath.hostPath)/.ais.bmd.prev")
            let read = try BMD(decoding: Array(try #require(previous)), path: "prev")
            #expect(read.version == 2 && read.find(bucket)?.mirrorCopies == 1)
        }
    }

    @Test func unknownFieldsSurviveAChange() throws {
        var bmd = try BMD(
            root: try JSONValue.parse(
                #"{"providers":{"aws":{"@#":{"b":{"bid":"3","new":{"deep":[1]},"extra":{"aws":{"later":"x"}}}}}},"uuid":"u","version":"4"}"#
            ), path: "x")
        let change = try PropChange(parsing: "extra.aws.profile=p")
        bmd.update(try BMDTests.bucket("s3://b")) { change.apply(to: &$0) }
        let expected = try JSONValue.parse(
            #"{"providers":{"aws":{"@#":{"b":{"bid":"3","new":{"deep":[1]},"extra":{"aws":{"later":"x","profile":"p"}}}}}},"uuid":"u","version":"5"}"#
        )
        #expect(bmd.root == expected)
    }

    /// Bucket, what it has, and a change that AIStore would not take there.
    @Test(arguments: [
        ("ais://b", "", "mirror.copies=4"), ("ais://b", "mirror.copies=3", "mirror.copies=5"),
        ("s3://b", "", "backend_bck=gs://x"), ("ais://b", "", "extra.aws.profile=p"),
        ("gs://b", "", "versioning.enabled=true"), ("ais://b", "ec.enabled=true", "ec.data_slices=5"),
        ("ais://b", "ec.enabled=true", "ec.objsize_limit=1MiB"),
        ("ais://@Wq8rXuKQb/b", "", "backend_bck=s3://x"),
    ])
    func whatDoesNotGoTogetherIsRefused(uri: String, has: String, change: String) throws {
        let scratch = try StoreScratch()
        let store = try scratch.store()
        let bucket = try BMDTests.bucket(uri)
        _ = try store.register([BucketRequest(bucket)], now: 5)
        if !has.isEmpty { _ = try store.setProps(bucket, [try PropChange(parsing: has)]) }
        let before = try store.loadBMD().bmd
        let changes = [try PropChange(parsing: change)]
        let error = #expect(throws: StoreError.self) { try store.setProps(bucket, changes) }
        #expect(error?.kind == .usage && error?.path == bucket.cname)
        #expect(try store.loadBMD().bmd == before)
    }

    @Test func backends() throws {
        let scratch = try StoreScratch()
        let store = try scratch.store()
        let bucket = try BMDTests.bucket("ais://#ns/front")
        let request = BucketRequest(bucket)
        _ = try store.register([request], now: 5)
        let alias: (String) -> String? = { $0 == "remais" ? "Wq8rXuKQb" : nil }
        for (text, cname) in [
            ("s3://data", "s3://data"), ("ais://@remais/data", "ais://@Wq8rXuKQb/data"),
            ("s3://@Wq8rXuKQb#n/data", "s3://@Wq8rXuKQb#n/data"),
        ] {
            let update = try store.setProps(bucket, [try PropChange(parsing: "backend_bck=\(text)", resolve: alias)])
            #expect(update.after.backend?.cname == cname)
            #expect(PropList(update.after)["backend_bck"]?.text == cname)
            #expect(update.after.isRemote)
        }
        let cleared = try store.setProps(bucket, [try PropChange(parsing: "backend_bck=none")])
        #expect(
            cleared.after.backend == nil
                && cleared.after.props["backend_bck"] == request.props(bid: 1, created: 1)["backend_bck"])
    }

    @Test func oneMountpathCannotMirror() throws {
        let scratch = try StoreScratch()
        let store = try scratch.store(mountpaths: 1)
        var request = BucketRequest(try BMDTests.bucket("ais://b"))
        request.changes = [try PropChange(parsing: "mirror.enabled=true")]
        #expect(throws: StoreError.self) { try store.createBucket(request, now: 1) }
        #expect(try store.loadBMD().bmd.buckets.isEmpty)
        #expect(StoreScratch.tree(store.mountpaths[0].hostPath).allSatisfy { !$0.contains("@ais") })
        request.changes = [
            try PropChange(parsing: "ec.enabled=true"), try PropChange(parsing: "mirror.burst_buffer=9"),
        ]
        let made = try store.createBucket(request, now: 1)
        #expect(made.props["ec"]?["enabled"] == true && made.props["mirror"]?["burst_buffer"] == 9)
        #expect(try store.loadBMD().bmd.version == 2, "one write")
        let twice = #expect(throws: StoreError.self) { try store.createBucket(request, now: 1) }
        #expect(twice?.kind == .usage)
    }
}
