import NodeStore

/// How `export` gives objects out.
public struct ExportOptions: Sendable {
    public enum Mode: String, Sendable, CaseIterable {
        /// Reflinks where the file systems can, else copies; never hard links, through which others could change the store.
        case auto
        case link, reflink, copy
    }

    public var mode = Mode.auto
    /// Read what is linked or cloned, and compare it with the metadata's checksum; copies always are.
    public var verifies = false
    /// Replace other files that stand where objects go.
    public var replaces = false

    public init() {}
}
