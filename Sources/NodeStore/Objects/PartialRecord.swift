import ObjectModel

/// The sidecar of a work file: what a later run must know to continue it. Kept as JSON in `.aismove/` of the work
/// file's mountpath, under the digest of the object's unique name.
public struct PartialRecord: Sendable, Hashable, Codable {
    /// Of the request; without userinfo.
    public var url: String
    /// What `If-Range` will send, or another text that changes when the source does.
    public var validator: String
    /// Bytes of the whole object, when known.
    public var size: Int64?
    /// `ais/@#/imagenet`; filled in by the work file.
    public internal(set) var bucket = ""
    public internal(set) var object = ""
    /// The work file's name in `%wk`.
    public internal(set) var workfile = ""
    /// Of the boot in which it was written: until the next, the file's own length counts.
    public internal(set) var bootID = ""
    /// Bytes that were on the disk when this was written.
    public internal(set) var syncedBytes: Int64 = 0

    public init(url: String, validator: String, size: Int64? = nil) {
        self.url = url
        self.validator = validator
        self.size = size
    }

    static let prefix = "partial."
    static func fileName(_ digest: UInt64) -> String { "\(prefix)\(String(digest, radix: 16)).json" }

    func encoded() -> [UInt8] {
        let root: JSONValue = [
            "version": 1, "url": .string(url), "validator": .string(validator),
            "size": size.map { .integer($0) } ?? .null,
            "bucket": .string(bucket), "object": .string(object), "workfile": .string(workfile),
            "bootID": .string(bootID), "syncedBytes": .integer(syncedBytes),
        ]
        return root.serialized() + [0x0a]
    }

    /// Nil for anything that this version did not write whole: then the work file is of no use.
    init?(decoding bytes: [UInt8]) {
        guard let root = try? JSONValue.parse(bytes, maxBytes: 1 << 20), root["version"]?.integer == 1,
            let url = root["url"]?.string, let validator = root["validator"]?.string,
            let bucket = root["bucket"]?.string, let object = root["object"]?.string,
            let workfile = root["workfile"]?.string, let bootID = root["bootID"]?.string,
            let syncedBytes = root["syncedBytes"]?.integer, syncedBytes >= 0
        else { return nil }
        self.init(url: url, validator: validator, size: root["size"]?.integer)
        self.bucket = bucket
        self.object = object
        self.workfile = workfile
        self.bootID = bootID
        self.syncedBytes = syncedBytes
    }

    /// The kernel's name for the time since it started; empty, and so equal to no other, where it tells none.
    static let currentBootID: String = {
        guard let bytes = try? MountedFileSystem.readStream("/proc/sys/kernel/random/boot_id") else { return "" }
        return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
    }()

    /// How many of the file's bytes are surely what was received.
    func usableBytes(fileSize: Int64) -> Int64 {
        if !bootID.isEmpty, bootID == Self.currentBootID { return fileSize }
        return fileSize >= syncedBytes ? syncedBytes : 0
    }
}
