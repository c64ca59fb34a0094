import Foundation
import TestSupport
import Testing

/// Objects that were uploaded to S3 in parts: verified by the digests of their parts.
struct MultipartTests {
    private static let megabyte = 1 << 20
    private let server: S3Server
    private let scene: Scene
    /// One for all: SeaweedFS has room for few.
    private static let bucket = CloudSite.name()
    /// A folder of its own for each test.
    private let folder = CloudSite.name()
    private var source: String { "s3://\(Self.bucket)/\(folder)/" }

    init() throws {
        server = try CloudSite.seaweed()
        scene = try Scene(cloud: server)
    }

    private func seed(_ key: String, _ sizes: [Int], checksum: String? = nil) throws {
        let upload = Seed.Multipart(key: "\(folder)/\(key)", sizes: sizes, checksum: checksum)
        try scene.seed(Seed(Self.bucket, multipart: [upload]), at: server)
    }

    /// Starts a script of `Tests/Servers` that listens in front of the server, and leads the scene through it.
    private func lead(through script: String, _ options: [String]) throws -> ServerProcess {
        let port = try ServerProcess.freePort()
        let target = try #require(server.endpoint.split(separator: ":").last.map(String.init))
        let proxy = try ServerProcess(
            TestSupport.python,
            ["\(TestSupport.repositoryRoot)/Tests/Servers/\(script)", String(port), target] + options,
            ready: .line("ready"))
        scene.environment["AWS_ENDPOINT_URL_S3"] = "http://127.0.0.1:\(port)"
        return proxy
    }

    @Test func partsAreVerifiedByETagAndCompositeChecksums() throws {
        let part = 5 * Self.megabyte
        try seed("one", [300_000])
        try seed("even", [part, part, 3 * Self.megabyte])
        try seed("sha", [part, 1000], checksum: "SHA256")
        try seed("crc", [part, part, 1000], checksum: "CRC32")
        let run = try scene.prefetch(source)
        #expect(run.status == 0, run.said)
        #expect(run.record("/one")?.verifiedBy == "md5 of 1 part (ETag)", run.said)
        #expect(run.record("/even")?.verifiedBy == "md5 of 3 parts (ETag)", run.said)
        #expect(run.record("/sha")?.verifiedBy == "sha256 of 2 parts (x-amz-checksum-sha256)", run.said)
        #expect(run.record("/crc")?.verifiedBy == "md5 of 3 parts (ETag)", run.said)
        let disk = try scene.disk()
        #expect(disk.problems == [])
        let object = try #require(disk.object("\(folder)/even"))
        #expect(object.size == Int64(2 * part + 3 * Self.megabyte))
        #expect(object.custom["ETag"]?.hasSuffix("-3") == true)
        #expect(object.custom["md5"] == nil)
        #expect(try scene.prefetch(source).counts == ["present": 4])
    }

    /// The first part and the number of parts would fit parts of one size; the second fetch asks for each.
    @Test(arguments: [[], ["--digest-mismatch", "log"]] as [[String]])
    func partsOfDifferentSizes(options: [String]) throws {
        try seed("uneven-1", [5, 7, 6, 1].map { $0 * Self.megabyte })
        let run = try scene.reported("prefetch", ["\(source)uneven-{0..1}", "--missing", "allow"] + options)
        #expect(run.status == 0, run.said)
        #expect(run.record("/uneven-1")?.verifiedBy == "md5 of 4 parts (ETag)", run.said)
        #expect(run.record("/uneven-1")?.retries == (options.isEmpty ? 1 : 0), run.said)
        #expect(try scene.disk().problems == [])
    }

    @Test(arguments: [nil, "SHA256"] as [String?]) func aFlippedByteIsFound(checksum: String?) throws {
        try seed("big", [5 * Self.megabyte, 5 * Self.megabyte, 1000], checksum: checksum)
        let proxy = try lead(through: "flipproxy.py", ["2"])
        let run = try scene.prefetch(source)
        #expect(run.status == 3, run.said)
        #expect(run.record("/big")?.class == "digest", run.said)
        #expect(run.record("/big")?.reason?.contains(" of 3 parts is ") == true, run.said)
        #expect(try scene.disk().names == [])
        proxy.stop()
    }

    /// What an earlier run left is digested again, part by part.
    @Test func aBrokenTransferGoesOnInTheMidstOfAPart() throws {
        try seed("big-0", [5, 5, 5, 2].map { $0 * Self.megabyte })
        let proxy = try lead(through: "wanproxy.py", ["--close-after", "7500000"])
        let broken = try scene.prefetch("\(source)big-{0..0}", "--retries", "0", "--skip-lookup")
        #expect(broken.status == 1, broken.said)
        proxy.stop()
        scene.environment["AWS_ENDPOINT_URL_S3"] = server.endpoint
        let run = try scene.prefetch("\(source)big-{0..0}")
        #expect(run.counts == ["resumed": 1], run.said)
        #expect(run.record("/big-0")?.verifiedBy == "md5 of 4 parts (ETag)", run.said)
        #expect(try scene.disk().problems == [])
    }

    /// The JuiceFS gateway does not tell its parts.
    @Test func aServerThatTellsNoPartsIsBelievedByLength() throws {
        let gateway = try CloudSite.shared()
        let scene = try Scene(cloud: gateway)
        let upload = Seed.Multipart(key: "\(folder)/big-0", sizes: [5 * Self.megabyte, 1000])
        try scene.seed(Seed(Self.bucket, multipart: [upload]), at: gateway)
        let run = try scene.prefetch(source)
        #expect(run.status == 0, run.said)
        #expect(run.record("/big-0")?.verifiedBy == "length only", run.said)
        let strict = try scene.prefetch("\(source)big-{0..0}", "--to", "ais://strict", "--require-digest")
        #expect(strict.status == 3, strict.said)
    }
}
