import Glibc
import ObjectModel

extension NodeStore {
    /// The attached remote clusters: the store's own, and those of AIS's configuration where the node keeps it (`.ais.conf`
    /// in the store's directory or on a mountpath). Read anew each time. Throws `.unreadable`.
    public func attachments() throws(StoreError) -> Attachments {
        var found = try ownAttachments()
        for place in [directory] + mountpaths.map(\.hostPath) {
            let path = "\(place)/\(JSP.Kind.conf.fileName)"
            guard try FileStatus.at(path) != nil else { continue }
            found = found.adding(try AISConfiguration.attachments(file: path))
        }
        return found
    }

    /// Those in the store's description alone.
    public func ownAttachments() throws(StoreError) -> Attachments {
        let path = "\(directory)/\(StoreDescription.fileName)"
        let current = try Self.readDescription(directory) ?? description
        return try Attachments(json: current.attachments, path: path)
    }

    /// Changes the store's own attachments: read, changed and written under the store's lock, whole or not at all.
    ///
    /// Throws `.notAStore` where a node's mountpath was opened, which has no description to keep them in.
    @discardableResult
    public func changeAttachments(
        _ change: (inout Attachments) throws(StoreError) -> Void
    ) throws(StoreError) -> Attachments {
        try withExclusiveLock { () throws(StoreError) -> Attachments in
            guard var current = try Self.readDescription(directory) else {
                throw StoreError(
                    .notAStore, path: directory,
                    message: "is a mountpath: attachments are kept with a store, made by `aismove store init`")
            }
            let before = try Attachments(
                json: current.attachments, path: "\(directory)/\(StoreDescription.fileName)")
            var after = before
            try change(&after)
            if after != before {
                current.attachments = after.json
                try replaceDescription(current)
            }
            return after
        }
    }
}
