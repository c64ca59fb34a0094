/// One thing that a walk through a bucket's directories found.
public struct WalkedObject: Sendable, Hashable {
    public enum Role: Sendable, Hashable {
        /// At the place where a node looks for it.
        case main
        /// A further copy in a mirrored bucket, its main one being there.
        case copy
        /// On a mountpath where a node does not look for it, or not under the name that the node gives it.
        case misplaced
        /// Nothing that aismove or a node puts there: a link, a special file, a name AIS cannot hold; says what.
        case odd(String)
    }

    /// The object's own name, also where the file has a shortened one.
    public let name: String
    public let mountpathIndex: Int
    /// Below `%ob` of that mountpath.
    public let storedName: String
    /// The path on this host.
    public let fqn: String
    public let role: Role

    public var misplaced: Bool { role == .misplaced }
}
