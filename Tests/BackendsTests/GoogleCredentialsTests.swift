import Foundation
import Hashing
import TestSupport
import Testing

@testable import Backends

/// What is read from files, and what is sent for tokens: no network.
@Suite struct GoogleCredentialsTests {
    private struct Vector: Decodable {
        var account: [String: String]
        var now: Int64
        var scope: String
        var googleAuth: String
        var assertion: String

        enum CodingKeys: String, CodingKey {
            case account, now, scope, assertion
            case googleAuth = "google_auth"
        }
    }

    private func vector() throws -> Vector {
        try JSONDecoder().decode(Vector.self, from: TestSupport.fixture("BackendsTests", "google-jwt.json"))
    }

    private func file(_ fields: [String: Any]) throws -> GoogleCredentialsFile {
        let text = String(decoding: try JSONSerialization.data(withJSONObject: fields), as: UTF8.self)
        return try GoogleCredentialsFile.parse(text, path: "file.json")
    }

    private func object(_ part: Substring) throws -> NSDictionary? {
        var text = String(part).replacing("-", with: "+").replacing("_", with: "/")
        while text.count % 4 != 0 { text += "=" }
        let data = try #require(Data(base64Encoded: text))
        return try JSONSerialization.jsonObject(with: data) as? NSDictionary
    }

    @Test func assertionsAreThoseOfGooglesOwnLibrary() throws {
        let vector = try vector()
        guard case .serviceAccount(let account) = try file(vector.account).credentials(path: "f") else {
            Issue.record("no service account")
            return
        }
        let made = GoogleJWT.assertion(account, scope: vector.scope, now: vector.now)
        #expect(made == vector.assertion)
        // The same claims; their spaces and order are the library's.
        let (ours, theirs) = (made.split(separator: "."), vector.googleAuth.split(separator: "."))
        #expect(try object(ours[0]) == object(theirs[0]))
        #expect(try object(ours[1]) == object(theirs[1]))
        let signed = theirs[0] + "." + theirs[1]
        #expect(Base64.encodeURL(account.key.signSHA256(Array(signed.utf8))) == theirs[2])
    }

    @Test func requestsForTokens() throws {
        let vector = try vector()
        guard case .serviceAccount(let account) = try file(vector.account).credentials(path: "f") else { return }
        let signed = GoogleTokenRequests.serviceAccount(account, scope: vector.scope, now: vector.now)
        #expect(signed.method == .post && signed.url == "https://oauth2.googleapis.com/token")
        let grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
        #expect(String(decoding: signed.body ?? [], as: UTF8.self) == "\(grant)&assertion=\(vector.assertion)")
        let user = GoogleCredentials.AuthorizedUser(
            clientID: "id", clientSecret: "s&c", refreshToken: "1//r", tokenURL: "https://t/")
        let refresh = GoogleTokenRequests.refresh(user)
        let body = "grant_type=refresh_token&client_id=id&client_secret=s%26c&refresh_token=1%2F%2Fr"
        #expect(String(decoding: refresh.body ?? [], as: UTF8.self) == body)
        let metadata = GoogleTokenRequests.metadata("host:1", "x/token", scope: "a:b")
        #expect(metadata.url == "http://host:1/computeMetadata/v1/x/token?scopes=a%3Ab")
        #expect(metadata.headers == [HTTPHeader("Metadata-Flavor", "Google")])
        let other = GoogleTokenRequests.impersonate("https://i/", delegates: ["d"], scope: "s", as: "tok")
        #expect(
            String(decoding: other.body ?? [], as: UTF8.self)
                == #"{"delegates":["d"],"lifetime":"3600s","scope":["s"]}"#)
        #expect(other.headers.contains(HTTPHeader("Authorization", "Bearer tok", isSecret: true)))
    }

    @Test func exchangesForAnotherPartysToken() throws {
        var fields: [String: Any] = [
            "type": "external_account", "audience": "//iam/a", "subject_token_type": "urn:jwt",
            "token_url": "https://sts/token", "client_id": "c", "client_secret": "s",
            "credential_source": ["url": "http://h/t", "headers": ["X-Key": "v"], "format": ["type": "text"]],
        ]
        guard case .external(let account) = try file(fields).credentials(path: "f"),
            case .url(let url, let headers) = account.source
        else {
            Issue.record("no external account")
            return
        }
        #expect(url == "http://h/t" && headers == [HTTPHeader("X-Key", "v", isSecret: true)])
        let request = GoogleTokenRequests.exchange(account, subjectToken: "sub", scope: "sc")
        let body = String(decoding: request.body ?? [], as: UTF8.self)
        #expect(
            body.hasPrefix(
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&audience=%2F%2Fiam%2Fa"))
        #expect(body.hasSuffix("&subject_token_type=urn%3Ajwt&subject_token=sub") && !body.contains("options"))
        #expect(request.headers.contains(HTTPHeader("Authorization", "Basic Yzpz", isSecret: true)))
        fields["client_id"] = nil
        fields["workforce_pool_user_project"] = "p"
        guard case .external(let workforce) = try file(fields).credentials(path: "f") else { return }
        let options = GoogleTokenRequests.exchange(workforce, subjectToken: "sub", scope: "sc")
        #expect(
            String(decoding: options.body ?? [], as: UTF8.self).hasSuffix("&options=%7B%22userProject%22%3A%22p%22%7D"))
        fields["credential_source"] = ["environment_id": "aws1", "url": "http://169.254.169.254/"]
        #expect(throws: BackendError.self) { try file(fields).credentials(path: "f") }
    }

    @Test func brokenFilesSayWhatIsWrong() throws {
        var account = try vector().account
        account["private_key"] = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"
        let cases: [([String: Any], String)] = [
            (account, "private_key"), (["type": "service_account"], "private_key is missing"),
            (["type": "authorized_user", "client_id": "x"], "client_secret is missing"), ([:], "(none)"),
            (["type": "gdch\n"], "gdch"), (["type": "impersonated_service_account"], "source_credentials"),
        ]
        for (fields, expected) in cases {
            let error = try #require(throws: BackendError.self) { try file(fields).credentials(path: "f") }
            #expect(error.kind == .credentials && error.message.contains(expected), "\(error)")
            #expect(!error.message.contains("c2VjcmV0") && !error.message.contains("\n"))
        }
        #expect(throws: BackendError.self) { try GoogleCredentialsFile.parse("{", path: "f") }
    }

    @Test func answersWithTokens() {
        let bytes = { (text: String) in Array(text.utf8) }
        let good = GoogleToken(answer: bytes(#"{"access_token":"ya29.a","expires_in":10,"x":1}"#), now: 100)
        #expect(good == GoogleToken(text: "ya29.a", expires: 110))
        #expect(GoogleToken(answer: bytes(#"{"access_token":"a\r\nX: y"}"#), now: 0) == nil)
        #expect(GoogleToken(answer: bytes("<html>"), now: 0) == nil)
        let other = bytes(#"{"accessToken":"b","expireTime":"1970-01-01T00:01:00Z"}"#)
        #expect(GoogleToken(impersonated: other) == GoogleToken(text: "b", expires: 60))
        let refusal = bytes(#"{"error":"invalid_grant","error_description":"Bad\nthing"}"#)
        #expect(GoogleToken.refusal(refusal) == "invalid_grant: Bad thing")
        #expect(GoogleToken.refusal(bytes(#"{"error":{"code":403,"message":"no"}}"#)) == "no")
        #expect(GoogleToken.subject(" tok\n", field: nil) == "tok")
        #expect(GoogleToken.subject(#"{"id":"tok"}"#, field: "id") == "tok")
        #expect(GoogleToken.subject(#"{"id":1}"#, field: "id") == nil && GoogleToken.subject("\n", field: nil) == nil)
    }

    @Test func theOrderOfCredentials() throws {
        let home = try TestSupport.scratch("home")
        let user =
            #"{"type":"authorized_user","client_id":"a","client_secret":"b","refresh_token":"c","quota_project_id":"q"}"#
        try home.write(".config/gcloud/application_default_credentials.json", user)
        let other = try home.write("elsewhere/application_default_credentials.json", user)
        func found(
            _ variables: [String: String], home path: String? = nil, anonymous: Bool = false, emulator: Bool = false
        ) throws -> GoogleIdentity {
            let environment = CloudEnvironment(
                variables: variables, home: path ?? home.path, network: NetworkOptions(), retry: RetryPolicy())
            return try GoogleIdentity.find(environment, isAnonymous: anonymous, isEmulator: emulator)
        }
        let named = try found(["GOOGLE_APPLICATION_CREDENTIALS": other, "GCE_METADATA_HOST": "m"])
        #expect(named.subject == other && named.quotaProject == "q")
        let usual = try found(["GCE_METADATA_HOST": "m", "GOOGLE_CLOUD_QUOTA_PROJECT": "mine"])
        #expect(usual.subject.hasSuffix(".config/gcloud/application_default_credentials.json"))
        #expect(usual.quotaProject == "mine")
        let folder = try found(["CLOUDSDK_CONFIG": "\(home.path)/elsewhere"], home: "/nonexistent")
        #expect(folder.subject == other)
        #expect(try found(["GCE_METADATA_HOST": "m"], home: "/nonexistent").subject == "m")
        #expect(try found([:], home: "/nonexistent").subject == GoogleCredentials.metadataHost)
        #expect(try found(["NO_GCE_CHECK": "true"], home: "/nonexistent").isNobody)
        #expect(try found(["GOOGLE_APPLICATION_CREDENTIALS": other], anonymous: true).isNobody)
        #expect(try found([:], emulator: true).isNobody, "a person's login is not for emulators")
        #expect(throws: BackendError.self) { try found(["GOOGLE_APPLICATION_CREDENTIALS": "/nonexistent"]) }
    }
}
