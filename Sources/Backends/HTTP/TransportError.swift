/// Why no proper answer came. Statuses are not errors here: an answer of 404 is an answer.
public struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        case badURL, resolve, connect, tls, proxy, reset, shortBody, stalled, timeout
        /// The `.netrc` that has the login may not be used.
        case credentialFile
        /// A proxy that wants a login, or does not let us through.
        case proxyRefused
        /// The URL that came up twice.
        case redirectLoop(String)
        case tooManyRedirects, badRedirect, tooLarge, protocolError, cancelled
    }

    public var kind: Kind
    /// What was asked, without userinfo and query.
    public var url: String
    /// One sentence, with the remedy where there is one; no secrets.
    public var message: String

    public init(_ kind: Kind, url: String, message: String) {
        self.kind = kind
        self.url = url
        self.message = message
    }

    public var description: String { "\(url): \(message)" }

    /// Whether asking again can help.
    public var isRetryable: Bool {
        switch kind {
        case .resolve, .connect, .proxy, .reset, .shortBody, .stalled, .timeout, .protocolError: true
        case .badURL, .tls, .credentialFile, .proxyRefused, .redirectLoop, .tooManyRedirects, .badRedirect, .tooLarge,
            .cancelled:
            false
        }
    }
}
