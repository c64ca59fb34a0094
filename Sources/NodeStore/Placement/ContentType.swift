/// The directories a bucket has on every mountpath. All eight must exist, or a node answers 500 for the bucket.
public enum ContentType: String, Sendable, Hashable, CaseIterable {
    /// Objects, visible as soon as they are there.
    case object = "%ob"
    /// Work files.
    case work = "%wk"
    case ecSlice = "%ec"
    case ecMetadata = "%mt"
    case chunk = "%ch"
    case chunkManifest = "%ut"
    case dsort = "%ds"
    case dsortWork = "%dw"
}
