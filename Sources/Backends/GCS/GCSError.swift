import Foundation

/// What the JSON API says in an error's body: `{"error":{"code":403,"message":"…","errors":[{"reason":"forbidden"}]}}`.
struct GCSError: Sendable, Hashable {
    /// The provider's own word, such as `rateLimitExceeded`.
    var reason: String?
    var message: String?

    private struct Body: Decodable {
        struct Content: Decodable {
            struct Detail: Decodable { var reason: String? }
            var message: String?
            var errors: [Detail]?
        }
        var error: Content
    }

    init(_ body: [UInt8]) {
        guard let content = try? JSONDecoder().decode(Body.self, from: Data(body)).error else { return }
        reason = content.errors?.first?.reason
        message = content.message.map(GCSText.line)
    }

    /// Whether it is worth asking again, whatever the status: limits come as 403 too.
    var isPassing: Bool {
        switch reason {
        case "rateLimitExceeded", "userRateLimitExceeded", "backendError", "internalError": true
        default: false
        }
    }

    /// For a person: the server's words, and what to do where that is known.
    func explained(_ status: Int) -> String {
        let said = message ?? "the server answers \(status)"
        guard said.contains("requester pays") else { return said }
        return "\(said) (set GOOGLE_CLOUD_QUOTA_PROJECT to the project that pays)"
    }
}
