import ObjectModel

/// Volume metadata (`.ais.vmd`): the mountpaths of a node as it sees them. Read, never written or copied: a copied
/// one makes a target open the original paths.
public struct VMD: Sendable, Hashable {
    public struct Mountpath: Sendable, Hashable {
        /// Absolute path as the node sees it: what HRW hashes.
        public let path: String
        public let label: String
        /// The file system's device and type, as the node sees them (`/dev/vda`, `ext4`).
        public let fileSystem: String
        public let fileSystemType: String
        public let fileSystemID: String
        public let enabled: Bool

        public init(
            path: String, label: String = "", fileSystem: String, fileSystemType: String, fileSystemID: String = "",
            enabled: Bool = true
        ) {
            self.path = path
            self.label = label
            self.fileSystem = fileSystem
            self.fileSystemType = fileSystemType
            self.fileSystemID = fileSystemID
            self.enabled = enabled
        }
    }

    /// The node's ID.
    public let daemonID: String
    public let version: UInt64
    /// Sorted by path.
    public let mountpaths: [Mountpath]

    /// Those that placement uses.
    public var enabled: [Mountpath] { mountpaths.filter(\.enabled) }

    /// Reads a file's content. Throws `.unreadable` or `.unknownFormat` naming `path`.
    public init(decoding bytes: [UInt8], path: String) throws(StoreError) {
        let root = try JSP.decode(bytes, kind: .vmd, path: path)
        guard let daemonID = root["daemon_id"]?.string, !daemonID.isEmpty,
            let version = root["version"]?.unsigned, let members = root["mountpaths"]?.object
        else {
            throw StoreError(
                .unreadable, path: path, message: "is no VMD: daemon_id, version or mountpaths are missing")
        }
        var mountpaths: [Mountpath] = []
        for (key, value) in members {
            guard let enabled = value["enabled"]?.bool, key.utf8.first == UInt8(ascii: "/") else {
                throw StoreError(
                    .unreadable, path: path,
                    message: "is no VMD: its mountpath \(NameError.printable(key)) is malformed")
            }
            mountpaths.append(
                Mountpath(
                    path: value["mountpath"]?.string ?? key, label: value["mountpath_label"]?.string ?? "",
                    fileSystem: value["fs"]?.string ?? "", fileSystemType: value["fs_type"]?.string ?? "",
                    fileSystemID: value["fs_id"]?.string ?? "", enabled: enabled))
        }
        self.daemonID = daemonID
        self.version = version
        self.mountpaths = mountpaths.sorted { $0.path < $1.path }
    }
}
