import Foundation
import TestSupport
import Testing

/// One test's world: a folder on the web server, a store on mountpaths of its own, and the program to run between them.
final class Scene {
    let scratch: ScratchDirectory
    let site: NginxServer
    /// Name of this test's folder below the document root; also the marker of its requests in the access log.
    let folder: String
    let store: String
    /// As given to `store init`: HOST or HOST=AIS.
    let mountpaths: [String]
    var environment: [String: String]
    private var reports = 0

    /// A fresh store on `mountpaths` directories, or on the ones given.
    init(mountpaths count: Int = 3, on given: [String]? = nil, initialise: Bool = true) throws {
        scratch = try TestSupport.scratch("e2e")
        site = try Site.shared()
        folder = "t-\(UUID().uuidString.prefix(8).lowercased())"
        store = "\(scratch.path)/store"
        mountpaths = given ?? (0..<count).map { [path = scratch.path] in "\(path)/d\($0 + 1)" }
        environment = [
            "HOME": scratch.path, "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "LANG": "C.UTF-8",
        ]
        try FileManager.default.createDirectory(atPath: "\(site.www)/\(folder)", withIntermediateDirectories: true)
        for path in hosts { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        if initialise {
            let made = try aismove(["store", "init", store] + mountpaths.flatMap { ["--mountpath", $0] })
            guard made.status == 0 else { throw TestSupportError("store init exits with \(made.status): \(made.err)") }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: "\(site.www)/\(folder)") }

    /// The mountpaths as this host sees them.
    var hosts: [String] { mountpaths.map { String($0.prefix { $0 != "=" }) } }

    // MARK: Source

    /// The URL of this test's `path`, behind one of the server's fault locations if named (`cutn/1/70000`).
    func url(_ path: String = "", at port: NginxServer.Port = .http, fault: String? = nil) -> String {
        site.url(port, (fault.map { "\($0)/" } ?? "") + "\(folder)/\(path)")
    }

    func put(_ name: String, _ data: Data) throws { try site.put("\(folder)/\(name)", data) }
    func put(_ name: String, _ text: String) throws { try put(name, Data(text.utf8)) }
    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: served(name)) }

    /// The path of the served file.
    func served(_ name: String) -> String { "\(site.www)/\(folder)/\(name)" }

    func original(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: served(name))) }

    /// Tar shards by Python's tarfile: `train-000000.tar` …, `members` samples of `bytes` each.
    func putShards(_ prefix: String = "train-", first: Int = 0, count: Int, members: Int = 4, bytes: Int = 5000) throws
    {
        let script = "\(TestSupport.repositoryRoot)/Tests/Tools/make_shards.py"
        let numbers = [first, count, members, bytes].map(String.init)
        let inside = prefix.split(separator: "/", omittingEmptySubsequences: false)
        let place = ([served("")] + inside.dropLast().map(String.init)).joined(separator: "/")
        try TestSupport.runChecked(
            TestSupport.python, [script, place, String(inside.last ?? "")] + numbers)
    }

    /// Pseudo-random bytes, the same for the same seed.
    static func bytes(_ count: Int, seed: UInt64 = 1) -> Data {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        var data = Data(capacity: count + 8)
        while data.count < count {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            withUnsafeBytes(of: state) { data.append(contentsOf: $0) }
        }
        return data.prefix(count)
    }

    /// Requests for this test's folder; waits until `count` have been logged, or a moment when none is expected.
    func requests(_ count: Int = 0) throws -> [AccessLine] {
        if count == 0 { usleep(200_000) }
        return try site.accessLog(marker: folder, count: count)
    }

    // MARK: Program

    struct Run {
        let result: ProcessResult
        let report: Report?
        var status: Int32 { result.status }
        var err: String { result.err }
        /// Both streams, for messages.
        var said: Comment { "exit \(result.status)\n\(result.out)\n\(result.err)" }
        var counts: [String: Int] { report?.counts ?? [:] }
        func record(_ suffix: String) -> Report.Record? { report?.record(suffix) }
    }

    @discardableResult
    func aismove(_ arguments: [String], input: Data? = nil) throws -> ProcessResult {
        try Program.run(arguments, environment: environment, input: input)
    }

    /// A command on this store.
    @discardableResult
    func onStore(_ command: String, _ arguments: String..., input: Data? = nil) throws -> ProcessResult {
        try aismove([command] + arguments + ["--store", store], input: input)
    }

    /// A command on this store that writes a report.
    @discardableResult
    func reported(_ command: String, _ arguments: [String], input: Data? = nil) throws -> Run {
        reports += 1
        let file = "\(scratch.path)/report-\(reports).json"
        let result = try aismove([command] + arguments + ["--store", store, "--report", file], input: input)
        let data = FileManager.default.contents(atPath: file)
        return Run(result: result, report: try data.map { try Report.decode($0) })
    }

    @discardableResult
    func prefetch(_ arguments: String..., input: Data? = nil) throws -> Run {
        try reported("prefetch", arguments, input: input)
    }

    @discardableResult
    func verify(_ arguments: String...) throws -> Run { try reported("verify", arguments) }

    func start(_ arguments: String...) throws -> Running {
        try Running(arguments + ["--store", store], environment: environment, scratch: scratch)
    }

    // MARK: Store

    func disk() throws -> Disk { try Disk.read(mountpaths) }

    /// Paths of the work files there are now.
    func workfiles() -> [String] {
        hosts.flatMap { host in
            (FileManager.default.subpaths(atPath: host) ?? []).filter { $0.contains("/%wk/") }.map { "\(host)/\($0)" }
        }
    }

    /// Expects a sound store whose objects are exactly `contents`: name to file below this test's folder.
    @discardableResult
    func expectStored(
        _ contents: [String: String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Disk {
        let disk = try disk()
        #expect(disk.problems == [], sourceLocation: sourceLocation)
        #expect(disk.names == contents.keys.sorted(), sourceLocation: sourceLocation)
        #expect(disk.empty == [], sourceLocation: sourceLocation)
        #expect(disk.leftovers == [], sourceLocation: sourceLocation)
        for object in disk.objects {
            guard let file = contents[object.name] else { continue }
            let stored = try Data(contentsOf: URL(fileURLWithPath: object.path))
            #expect(stored == (try original(file)), "\(object.name)", sourceLocation: sourceLocation)
        }
        return disk
    }
}

/// `train-000007.tar`
func shard(_ number: Int, _ prefix: String = "train-") -> String {
    let digits = String(number)
    return prefix + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".tar"
}
