import Foundation
import Hashing
import Testing

@testable import Backends

/// Shared Key as Microsoft's own client signs.
@Suite struct AzureSignatureTests {
    struct Vectors: Decodable {
        struct Vector: Decodable {
            var name: String
            var method: String
            var url: String
            var headersIn: [String: String]
            var account: String
            var keyBase64: String
            var authorization: String
        }
        var vectors: [Vector]
    }

    @Test func signsAsMicrosoftsClientDoes() throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let vectors = try decoder.decode(Vectors.self, from: Data(indexFixture("azure-sharedkey.json"))).vectors
        #expect(vectors.count == 10)
        for vector in vectors {
            let method = try #require(HTTPRequest.Method(rawValue: vector.method))
            let key = try #require(Base64.decode(vector.keyBase64))
            let headers = vector.headersIn.map { HTTPHeader($0.key, $0.value) }
            let signed = SharedKey.authorization(
                method, url: vector.url, headers: headers, account: vector.account, key: key)
            #expect(signed == vector.authorization, "\(vector.name)")
        }
    }

    @Test func theTextHasALineForEachPart() {
        let headers = [
            HTTPHeader("X-MS-Version", "v"), HTTPHeader("x-ms-date", " then "), HTTPHeader("If-None-Match", "\"e\""),
            HTTPHeader("Date", "never"), HTTPHeader("Range", "bytes=5-"), HTTPHeader("Accept", "all"),
        ]
        let text = SharedKey.stringToSign(
            .get, url: "https://a.example/c?Prefix=x%2Fy%20z&comp=list&comp=a&flag", headers: headers, account: "a")
        let lines = [
            "GET", "", "", "", "", "", "", "", "", "\"e\"", "", "bytes=5-", "x-ms-date:then", "x-ms-version:v", "/a/c",
            "comp:a,list", "flag:", "prefix:x/y z",
        ]
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) == lines)
        #expect(SharedKey.stringToSign(.head, url: "http://h?x=1", headers: [], account: "a").hasSuffix("\n/a/\nx:1"))
    }

    @Test func onlyTheEndpointIsSigned() {
        let signer = AzureKeyAuthorizer(account: "a", key: [1], endpoint: "https://a.example", now: { 0 })
        let elsewhere = HTTPRequest(url: "https://a.example.org/c")
        #expect(signer.authorize(elsewhere) == elsewhere)
        let signed = signer.authorize(HTTPRequest(url: "https://a.example/c"))
        #expect(signed.headers.map(\.name) == ["x-ms-date", "Authorization"])
        #expect(signed.headers.allSatisfy { $0.isSecret } && signed.headers[0].value == "Thu, 01 Jan 1970 00:00:00 GMT")
        let token = AzureSASAuthorizer(token: "sv=1&sig=s", endpoint: "https://a.example")
        #expect(token.authorize(elsewhere) == elsewhere)
        #expect(token.authorize(HTTPRequest(url: "https://a.example/c")).url == "https://a.example/c?sv=1&sig=s")
        #expect(token.authorize(HTTPRequest(url: "https://a.example/c?x")).url == "https://a.example/c?x&sv=1&sig=s")
    }
}
