import Hashing
import ObjectModel

/// A directory that holds objects, under both of its names: where this process writes, and what the node calls it.
/// In a container the two may differ; placement (HRW) and every FQN in metadata use the node's name.
public struct Mountpath: Sendable, Hashable {
    /// Absolute, cleaned path on this host.
    public let hostPath: String
    /// Absolute, cleaned path as the node itself sees it.
    public let aisPath: String
    /// XXH64 of `aisPath` with HRW's seed.
    public let digest: UInt64

    /// `aisPath` is `hostPath` when nil. Both are cleaned; the caller makes them absolute.
    public init(hostPath: String, aisPath: String? = nil) {
        self.hostPath = Self.clean(hostPath)
        self.aisPath = aisPath.map(Self.clean) ?? self.hostPath
        self.digest = XXH64.hash(self.aisPath, seed: HRW.seed)
    }

    /// Lexical cleaning as a node does it: repeated and trailing slashes, `.` and `..` go. `a/../..` gives `..`.
    public static func clean(_ path: String) -> String {
        let rooted = path.utf8.first == UInt8(ascii: "/")
        var kept: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part != ".." {
                kept.append(part)
            } else if let last = kept.last, last != ".." {
                kept.removeLast()
            } else if !rooted {
                kept.append(part)
            }
        }
        let joined = kept.joined(separator: "/")
        if rooted { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }
}
