/// What stands where an object belongs.
public enum LocalObject: Sendable, Hashable {
    /// Nothing.
    case absent
    /// A whole object. `modified` is in nanoseconds since 1970.
    case present(LOM, modified: Int64)
    /// A file that a node would not serve; it may be replaced.
    case damaged(String)
    /// Something that is not to be touched: a directory, a link, a file where a directory is needed.
    case blocked(String)

    public var isPresent: Bool { lom != nil }

    public var lom: LOM? {
        if case .present(let lom, _) = self { lom } else { nil }
    }
}
