import Foundation

/// An access token, and when it ends.
struct GoogleToken: BearerToken, Hashable {
    var text: String
    /// Seconds since 1970.
    var expires: Double

    private struct Answer: Decodable {
        var accessToken: String
        var expiresIn: Double?
    }

    private struct Impersonated: Decodable {
        var accessToken: String
        var expireTime: String
    }

    private struct Refusal: Decodable {
        var error: String
        var errorDescription: String?
    }

    init(text: String, expires: Double) {
        self.text = text
        self.expires = expires
    }

    /// `{"access_token":"…","expires_in":3599,…}`; nil for anything else.
    init?(answer body: [UInt8], now: Double) {
        guard let answer = Self.decode(Answer.self, body), Self.isUsable(answer.accessToken) else { return nil }
        self.init(text: answer.accessToken, expires: now + (answer.expiresIn ?? 3600))
    }

    /// `{"accessToken":"…","expireTime":"2026-01-01T00:00:00Z"}`; nil for anything else.
    init?(impersonated body: [UInt8]) {
        guard let answer = try? JSONDecoder().decode(Impersonated.self, from: Data(body)),
            Self.isUsable(answer.accessToken), let end = HTTPDate.parseRFC3339(answer.expireTime)
        else { return nil }
        self.init(text: answer.accessToken, expires: Double(end))
    }

    /// What a token endpoint says when it refuses: `invalid_grant: Invalid JWT Signature.`
    static func refusal(_ body: [UInt8]) -> String? {
        if let refusal = decode(Refusal.self, body) {
            let words = [refusal.error, refusal.errorDescription].compactMap { $0 }
            return GCSText.line(words.joined(separator: ": "))
        }
        return GCSError(body).message
    }

    /// The token that a file or a URL of another party's holds.
    /// - Parameter field: of a JSON object; nil = the text itself.
    static func subject(_ text: String, field: String?) -> String? {
        var token = text
        if let field {
            guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
                let value = object[field] as? String
            else { return nil }
            token = value
        }
        token = token.trimmingCharacters(in: .whitespacesAndNewlines)
        return token.isEmpty ? nil : token
    }

    private static func isUsable(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ body: [UInt8]) -> Value? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try? decoder.decode(type, from: Data(body))
    }
}
