import ObjectModel

/// What an AIS node says went wrong: a JSON body, or for HEAD the header `Hdr-Error`:
/// `{"tcode":"ErrBckNotFound","message":"…","status":404,"node":"p[id]",…}`.
public struct ClusterError: Sendable, Hashable, CustomStringConvertible {
    public let status: Int
    /// AIStore's name of the error, such as `ErrBckNotFound`; empty when it gives none.
    public let code: String
    public let message: String

    public init(_ head: HTTPResponseHead, body: [UInt8]) {
        status = head.status
        let text = body.isEmpty ? Array((head.headers["Hdr-Error"] ?? "").utf8) : body
        let root = try? JSONValue.parse(text, maxBytes: 64 << 10)
        code = root?["tcode"]?.string ?? ""
        let words = root?["message"]?.string ?? String(decoding: text.prefix(400), as: UTF8.self)
        message = String(NameError.printable(words).dropFirst().dropLast())
    }

    public var isNoBucket: Bool { status == 404 && (code == "ErrBckNotFound" || code == "ErrRemoteBckNotFound") }

    public var description: String { message.isEmpty ? "status \(status)" : "\(status): \(message)" }
}
