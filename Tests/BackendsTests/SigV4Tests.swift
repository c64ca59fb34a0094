import Foundation
import TestSupport
import Testing

@testable import Backends

/// Signatures against botocore's.
@Suite struct SigV4Tests {
    struct File: Decodable { let vectors: [Vector] }
    struct Vector: Decodable, CustomTestStringConvertible {
        let name: String
        let method: String
        let url: String
        let date: String
        let region: String
        let service: String
        let accessKey: String
        let secretKey: String
        let sessionToken: String?
        let signedHeadersIn: [String: String]
        let headersOut: [String: String]

        var testDescription: String { name }
    }

    static let vectors: [Vector] = {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file = try? decoder.decode(File.self, from: TestSupport.fixture("BackendsTests", "s3-sigv4.json"))
        return file?.vectors ?? []
    }()

    @Test func vectorsAreThere() { #expect(Self.vectors.count == 17) }

    @Test(arguments: vectors) func signsAsBotocore(vector: Vector) throws {
        let method = try #require(HTTPRequest.Method(rawValue: vector.method))
        let credentials = AWSCredentials(
            accessKey: vector.accessKey, secretKey: vector.secretKey, sessionToken: vector.sessionToken)
        let headers = SigV4.headers(
            method, url: vector.url, signed: vector.signedHeadersIn.map { HTTPHeader($0.key, $0.value) },
            payloadHash: SigV4.emptyPayload, date: vector.date,
            SigV4.Scope(region: vector.region, service: vector.service), credentials)
        for (name, value) in vector.headersOut where vector.signedHeadersIn[name] == nil {
            #expect(HTTPHeaders(headers)[name] == value, "\(name)")
        }
        let areSecret = headers.allSatisfy { $0.isSecret }
        #expect(areSecret)
    }

    @Test func dates() {
        #expect(SigV4.date(1_795_372_200.9) == "20261122T183000Z")
        #expect(SigV4.date(0) == "19700101T000000Z")
    }

    @Test func namesOfQueriesAreOrderedBeforeTheirValues() {
        let sign = { (query: String) in
            SigV4.headers(
                .get, url: "https://h/?\(query)", signed: [], payloadHash: SigV4.emptyPayload,
                date: "20261122T183000Z", SigV4.Scope(region: "r"), AWSCredentials(accessKey: "a", secretKey: "s"))
        }
        #expect(sign("a=1&a-b=2&acl") == sign("acl=&a-b=2&a=1"))
        #expect(sign("a=1") != sign("a=2"))
    }

    @Test func theSchemesOwnPortIsNotSigned() {
        let sign = { (url: String) in
            SigV4.headers(
                .get, url: url, signed: [], payloadHash: SigV4.emptyPayload, date: "20261122T183000Z",
                SigV4.Scope(region: "r"), AWSCredentials(accessKey: "a", secretKey: "s"))
        }
        #expect(sign("https://h:443/x") == sign("https://h/x"))
        #expect(sign("http://h:443/x") != sign("http://h/x"))
    }
}
