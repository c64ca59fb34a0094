import CLinux
import Glibc

/// Where one object goes in an `ExportFolder`.
public struct ExportPlace {
    /// What stands there already.
    public enum Standing {
        case nothing
        /// The store's own file, by a hard link.
        case theObject
        /// A file of its own.
        case file(ObjectReader)
        /// Something that is never replaced.
        case other(String)
    }

    let directory: Descriptor
    let name: String

    init(_ directory: Descriptor, _ name: String) {
        self.directory = directory
        self.name = name
    }

    public var path: String { directory.path(of: name) }

    public func standing(beside object: ObjectReader) throws(StoreError) -> Standing {
        guard let status = try directory.status(of: name) else { return .nothing }
        guard status.isRegular else { return .other(status.kindName) }
        if status.identity == (try object.identity()) { return .theObject }
        guard let file = try directory.openIfThere(name, O_RDONLY | O_NONBLOCK) else { return .nothing }
        let opened = try file.status()
        guard opened.isRegular else { return .other(opened.kindName) }
        return .file(ObjectReader(file, size: opened.size))
    }
}
