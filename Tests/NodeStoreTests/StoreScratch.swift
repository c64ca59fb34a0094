import Foundation
import Hashing
import NodeStore
import ObjectModel
import Testing

/// A directory of its own for one test, removed at its end, and stores in it.
final class StoreScratch {
    let path: String
    private var mounts: [String] = []

    init() throws {
        path =
            FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appending(path: "aismove-store-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        for mount in mounts.reversed() { _ = try? Self.run("/usr/bin/umount", [mount]) }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// A directory in it.
    func directory(_ name: String) throws -> String {
        let directory = "\(path)/\(name)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        return directory
    }

    func mountpaths(_ count: Int) throws -> [(host: String, ais: String?)] {
        try (1...count).map { (try directory("mp\($0)"), nil) }
    }

    func store(mountpaths count: Int = 3) throws -> NodeStore {
        try NodeStore.initialise(directory: "\(path)/store", mountpaths: mountpaths(count))
    }

    func bucket(
        _ uri: String = "ais://imagenet", mountpaths: Int = 3, copies: Int = 1, sync: Bool = true
    ) throws -> BucketStore {
        let store = try store(mountpaths: mountpaths)
        return try Self.bucket(uri, in: store, copies: copies, sync: sync)
    }

    static func bucket(
        _ uri: String, in store: NodeStore, copies: Int = 1, sync: Bool = true
    ) throws -> BucketStore {
        let request = BucketRequest(try BMDTests.bucket(uri), mirrorCopies: copies)
        let registered = try store.register([request], now: 1)
        return try store.openBucket(try #require(registered.first), sync: sync)
    }

    /// Mounts a file system at a new directory; nil where this is not allowed.
    func mount(_ name: String, type: String, options: String, source: String? = nil) throws -> String? {
        let point = try directory(name)
        guard getuid() == 0 else { return nil }
        let status = try Self.run("/usr/bin/mount", ["-t", type, "-o", options, source ?? type, point])
        guard status == 0 else { return nil }
        mounts.append(point)
        return point
    }

    @discardableResult
    static func run(_ executable: String, _ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// All paths below a directory, relative, sorted.
    static func tree(_ path: String) -> [String] {
        (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).sorted()
    }
}

extension Workfile {
    func append(_ bytes: [UInt8]) throws { try append(bytes.span.bytes) }
}

extension BucketStore {
    static func lom(_ bytes: [UInt8]) -> LOM {
        LOM(
            checksumType: .xxhash2, checksumValue: Hex.encode(XXH64.hash(bytes.span.bytes)), version: "1",
            size: Int64(bytes.count), custom: [CustomKeys.source: "web"])
    }

    func staged(_ object: String, _ bytes: [UInt8]) throws -> Workfile {
        let workfile = try createWorkfile(for: object, at: place(object))
        try workfile.append(bytes.span.bytes)
        return workfile
    }

    func put(_ object: String, _ bytes: [UInt8] = Array("content".utf8), replace: Bool = true) throws {
        try staged(object, bytes).commit(Self.lom(bytes), replace: replace)
    }

    func state(_ object: String) -> LocalObject { state(object, at: place(object)) }

    func content(_ object: String) throws -> [UInt8] {
        let reader = try open(object, at: place(object))
        let buffer = TransferBuffer(capacity: 1_000)
        var bytes: [UInt8] = []
        while try reader.read(into: buffer) > 0 {
            buffer.withBytes { piece in
                for index in 0..<piece.byteCount {
                    bytes.append(piece.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt8.self))
                }
            }
            buffer.removeAll()
        }
        return bytes
    }

    /// Every work file on every mountpath.
    var workfiles: [String] {
        store.mountpaths.flatMap {
            StoreScratch.tree("\($0.hostPath)/\(FQN.bucketDirectory(bucket.bucket, .work))")
        }
    }

    func names(prefix: String = "") throws -> [String] {
        var names: [String] = []
        try walk(prefix: prefix) {
            names.append($0.name)
            return true
        }
        return names
    }

    /// What an error of a store is, or nil when there was none.
    static func kind(_ body: () throws -> Void) -> StoreError.Kind? {
        do {
            try body()
            return nil
        } catch {
            return (error as? StoreError)?.kind
        }
    }
}
