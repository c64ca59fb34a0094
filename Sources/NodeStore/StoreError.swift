/// Why the store could not do what was asked: what kind of trouble, on which path, and what to do about it.
public struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What the caller can do depends on the kind; exit codes are made of it.
    public enum Kind: Sendable, Hashable {
        /// The directory holds no store.
        case notAStore
        /// A file is there but is damaged, cut short, or may not be read.
        case unreadable
        /// A file of a version that this aismove does not know.
        case unknownFormat
        /// The BMD belongs to a cluster's primary.
        case clusterOwned
        /// A mountpath is missing, is another one than the store knows, or cannot hold objects.
        case mountpath
        /// `%ob` is gone or was replaced under the run.
        case bucketRemoved
        /// ENOSPC, EDQUOT, or the reserve would be touched.
        case space
        /// Any other failed system call.
        case io
        /// Something else already stands where the object should be.
        case conflict
        /// A name, size or metadata that AIS cannot hold.
        case name
        /// Another run holds the lock.
        case locked
        /// The request itself is wrong.
        case usage
    }

    public var kind: Kind
    /// The file or directory concerned; empty when there is none.
    public var path: String
    /// One sentence that names the thing and the remedy.
    public var message: String
    /// What the kernel said, for `.io` and `.space`.
    public var errno: Int32?

    public init(_ kind: Kind, path: String, message: String, errno: Int32? = nil) {
        self.kind = kind
        self.path = path
        self.message = message
        self.errno = errno
    }

    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
