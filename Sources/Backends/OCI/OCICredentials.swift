import Foundation
import Hashing
import ObjectModel

/// A key that can sign, and until when.
struct OCICredentials: Sendable {
    let signer: OCISignature.Signer
    /// Seconds since 1970 at which a session ends; nil for API keys.
    let expires: Double?

    /// From an API key or a session. Throws `.credentials` with what is missing or broken.
    init(_ settings: OCISettings, subject: String) throws(BackendError) {
        let key = try Self.key(settings, subject)
        if let path = settings.tokenFile {
            let token = FieldText.trimmed(
                try Self.read(path, "the OCI session token", subject).filter { !$0.isNewline })
            guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }) else {
                throw BackendError(
                    .credentials, subject, "the OCI session token \(path) is no token: oci session authenticate")
            }
            self.init(signer: .init(keyID: "ST$\(token)", key: key), expires: Self.expiry(token))
            return
        }
        var parts: [String] = []
        let wanted = [
            ("tenancy", settings.tenancy, "OCI_TENANCY_OCID"), ("user", settings.user, "OCI_USER_OCID"),
            ("fingerprint", settings.fingerprint, "OCI_FINGERPRINT"),
        ]
        for (name, value, variable) in wanted {
            guard let value else {
                throw BackendError(
                    .credentials, subject,
                    "the OCI \(name) is missing: set \(name) in \(settings.place), or \(variable)")
            }
            guard value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }) else {
                throw BackendError(.credentials, subject, "the OCI \(name) in \(settings.place) is not well-formed")
            }
            parts.append(value)
        }
        self.init(signer: .init(keyID: parts.joined(separator: "/"), key: key), expires: nil)
    }

    init(signer: OCISignature.Signer, expires: Double?) {
        self.signer = signer
        self.expires = expires
    }

    private static func key(_ settings: OCISettings, _ subject: String) throws(BackendError) -> RSAKey {
        let (text, place): (String, String)
        if let path = settings.keyFile {
            (text, place) = (try read(path, "the OCI key file", subject), path)
        } else if let given = settings.keyText {
            // Variables often hold the line ends as two characters.
            text = given.contains("\n") ? given : given.replacing("\\n", with: "\n")
            place = "OCI_PRIVATE_KEY"
        } else {
            throw BackendError(
                .credentials, subject,
                "there is no OCI key: set key_file in \(settings.place) (oci setup config), or OCI_PRIVATE_KEY")
        }
        do throws(RSAKeyError) {
            return try RSAKey(pem: text, passphrase: settings.passphrase)
        } catch {
            let remedy = error == .passphraseNeeded ? "; set pass_phrase in \(settings.place)" : ""
            throw BackendError(.credentials, subject, "the OCI key \(place) cannot be used: \(error)\(remedy)")
        }
    }

    private static func read(_ path: String, _ what: String, _ subject: String) throws(BackendError) -> String {
        do throws(CredentialError) {
            return try SecretFile.text(path, what: what)
        } catch {
            throw BackendError(.credentials, subject, error.description)
        }
    }

    /// `exp` of a JSON Web Token; nil where it says none.
    static func expiry(_ token: String) -> Double? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        let body = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        let padded = body + String(repeating: "=", count: (4 - body.utf8.count % 4) % 4)
        guard let bytes = Base64.decode(padded), let claims = try? JSONValue.parse(bytes) else { return nil }
        return claims["exp"]?.number
    }
}

extension OCISettings {
    /// Where a user would mend what is wrong.
    fileprivate var place: String { profile.map { "profile \($0) of ~/.oci/config" } ?? "~/.oci/config" }
}
