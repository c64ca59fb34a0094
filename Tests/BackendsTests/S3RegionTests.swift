import Foundation
import ObjectModel
import Synchronization
import TestSupport
import Testing

@testable import Backends

/// Redirects between regions, and keys that last for a session.
@Suite struct S3RegionTests {
    private struct Made: Decodable { let session: [String] }
    private struct Setup {
        let server: S3Server
        let session: [String]
    }

    private static let shared = Result {
        let server = try S3Server(.ministack)
        var seed = S3Servers.Seed(bucket: "west")
        seed.region = "eu-west-1"
        seed.objects = [S3Servers.Seed.Object(ConformanceObject(name: "o", bytes: [1, 2]))]
        seed.session = true
        let made = try JSONDecoder().decode(Made.self, from: server.seed(JSONEncoder().encode(seed)))
        return Setup(server: server, session: made.session)
    }

    private static func names(_ changes: [String: String]) throws -> (names: [String], region: String?) {
        let environment = try shared.get().server.environment(changes)
        let found = try S3Provider.connect(S3ServerTests.address("west"), in: environment, lookup: true)
        return (try readListing(found.backend, ListQuery(), environment).entries.map(\.name), found.facts?.region)
    }

    @Test func goesToTheRegionThatTheRedirectNames() throws {
        let found = try Self.names(["AWS_REGION": "us-east-1"])
        #expect(found.names == ["o"])
        #expect(found.region == "eu-west-1")
    }

    @Test func signsWithTheTokenOfASession() throws {
        let keys = try Self.shared.get().session
        try #require(keys.count == 3)
        var variables = ["AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": keys[0], "AWS_SECRET_ACCESS_KEY": keys[1]]
        for (token, code) in [("no token of theirs", "InvalidToken"), ("", "403")] {
            variables["AWS_SESSION_TOKEN"] = token
            let error = #expect(throws: BackendError.self) { try Self.names(variables) }
            #expect(error?.kind == .refused)
            #expect(error?.message.contains(code) == true, "\(String(describing: error))")
        }
        variables["AWS_SESSION_TOKEN"] = keys[2]
        #expect(try Self.names(variables).names == ["o"])
    }

    /// The session ends between two requests; AWS says so with 400.
    @Test func renewsASessionThatHasEnded() throws {
        let server = try ResponderServer { request in
            if request.headers["authorization"]?.contains("Credential=K2/") == true { return .init(text: "there") }
            return .init(400, text: "<Error><Code>ExpiredToken</Code><Message>m</Message></Error>")
        }
        let clock = Mutex(1000.0)
        let fetches = Mutex(0)
        let fetch: @Sendable () throws(BackendError) -> AWSCredentials = {
            () throws(BackendError) in
            let number = fetches.withLock { count in
                count += 1
                return count
            }
            return AWSCredentials(accessKey: "K\(number)", secretKey: "s", sessionToken: "t")
        }
        let authorizer = AWSAuthorizer(SigV4.Scope(region: "r"), now: { clock.withLock { $0 } }, fetch: fetch)
        let lane = CloudEnvironment.test().makeLane()
        func ask() throws -> Int {
            try lane.ask(HTTPRequest(url: server.origin + "/o"), authorizer, subject: "o", bodyLimit: 100).head.status
        }
        #expect(try ask() == 400, "keys that just came are not exchanged")
        clock.withLock { $0 += 60 }
        #expect(try ask() == 200)
        #expect(fetches.withLock { $0 } == 2)
    }
}
