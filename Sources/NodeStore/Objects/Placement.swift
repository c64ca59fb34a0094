import ObjectModel

/// Where an object belongs: computed from its name alone, without looking at a disk.
public struct Placement: Sendable, Hashable {
    /// Of the mountpath with the highest random weight.
    public let mountpathIndex: Int
    /// Below `%ob`: the object's name, or `.x` and 64 hex digits for one too long.
    public let storedName: String
    /// The full FQN as the node sees it, for a long name; nil for nearly all objects.
    public let originalFQN: String?
    /// Mountpaths of the further copies of a mirrored bucket, in HRW order; empty for others.
    public let copies: [Int]
    /// Why AIS cannot hold the name; then nothing else here counts.
    public let refusal: NameError?

    init(
        mountpathIndex: Int, storedName: String, originalFQN: String? = nil, copies: [Int] = [],
        refusal: NameError? = nil
    ) {
        self.mountpathIndex = mountpathIndex
        self.storedName = storedName
        self.originalFQN = originalFQN
        self.copies = copies
        self.refusal = refusal
    }

    /// The stored name's directory below `%ob` ("" for `%ob` itself) and the name in it.
    var split: (directory: String, name: String) { Self.split(storedName) }

    static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
        return (String(path[..<slash]), String(path[path.utf8.index(after: slash)...]))
    }
}
