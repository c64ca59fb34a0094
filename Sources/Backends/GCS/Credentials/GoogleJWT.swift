import Foundation
import Hashing

/// The signed statement with which a service account asks for a token (RFC 7523, RS256).
enum GoogleJWT {
    /// Seconds that a statement holds; Google takes an hour at most.
    static let lifetime: Int64 = 3600

    private struct Header: Encodable {
        var alg = "RS256"
        var kid: String?
        var typ = "JWT"
    }

    private struct Claims: Encodable {
        var aud: String
        var exp: Int64
        var iat: Int64
        var iss: String
        var scope: String
    }

    /// - Parameter now: seconds since 1970.
    static func assertion(_ account: GoogleCredentials.ServiceAccount, scope: String, now: Int64) -> String {
        let claims = Claims(
            aud: account.tokenURL, exp: now + lifetime, iat: now, iss: account.email, scope: scope)
        let signed = "\(part(Header(kid: account.keyID))).\(part(claims))"
        return "\(signed).\(Base64.encodeURL(account.key.signSHA256(Array(signed.utf8))))"
    }

    /// Keys in order, so that the same claims always give the same text.
    private static func part(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Base64.encodeURL((try? encoder.encode(value)) ?? Data())
    }
}
