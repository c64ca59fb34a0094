/// A file that is sent as the body of a request. Whoever asks keeps it as it is until the answer has come.
public struct FileBody: Sendable, Hashable {
    public let path: String
    public let byteCount: Int64

    public init(path: String, byteCount: Int64) {
        self.path = path
        self.byteCount = byteCount
    }
}
