import Foundation
import ObjectModel
import TestSupport
import Testing

@testable import Backends

/// A machine's own identity, against services that check the request for a token with Oracle's verifier.
@Suite struct OCIInstanceTests {
    private static let session = Result {
        let folder = try TestSupport.scratch("oci-instance")
        for object in ConformanceObjects.all { _ = try folder.write(object.name, Data(object.bytes)) }
        return (try OCIServer(["data": folder.path], options: ["--page", "9"]), folder)
    }

    private func bucket(_ server: OCIServer) throws -> BucketAddress {
        BucketAddress(try Bucket(provider: .oci, name: "data"), endpoint: server.endpoint)
    }

    private func failure(_ address: BucketAddress, _ variables: [String: String]) -> BackendError? {
        #expect(throws: BackendError.self) {
            try OCIProvider.connect(address, in: .test(variables), lookup: true)
        }
    }

    @Test func conformance() throws {
        let (server, _) = try Self.session.get()
        var subject = ConformanceSubject(
            "oci (instance)", OCIProvider.self, bucket: try bucket(server), .test(server.instance))
        subject.missing = BucketAddress(try Bucket(provider: .oci, name: "nothing"), endpoint: server.endpoint)
        subject.metadataKeys = ["source", "ETag", "md5", "LastModified"]
        try runConformance(subject)
        #expect(try server.tokens().refused == [])
    }

    @Test func oneTokenServesManyRequestsAndIsRenewedAfterARefusal() throws {
        let folder = try TestSupport.scratch("oci-instance")
        _ = try folder.write("x", "x")
        let server = try OCIServer(["data": folder.path])
        let environment = CloudEnvironment.test(server.instance)
        let backend = try OCIProvider.connect(bucket(server), in: environment, lookup: true).backend
        let lane = environment.makeLane()
        let ask = {
            try lane.ask(backend.headRequest(backend.url(of: "x")), backend.authorizer, subject: "x", bodyLimit: 0)
        }
        for _ in 0..<3 { #expect(try ask().head.status == 200) }
        #expect(try server.tokens().issued == 1)
        try server.revoke()
        for _ in 0..<3 { #expect(try ask().head.status == 200) }
        #expect(try server.tokens().issued == 2)
        server.stop()
    }

    /// A token within five minutes of its end is replaced, but not with every request.
    @Test func aTokenIsReplacedBeforeItEnds() throws {
        let folder = try TestSupport.scratch("oci-instance")
        _ = try folder.write("x", "x")
        let server = try OCIServer(["data": folder.path], options: ["--ttl", "200"])
        _ = try OCIProvider.connect(bucket(server), in: .test(server.instance), lookup: true)
        #expect(try server.tokens().issued == 2)
        server.stop()
    }

    @Test func keysGoFirstUnlessTheMachineIsWanted() throws {
        let (server, _) = try Self.session.get()
        let address = try bucket(server)
        var variables = server.instance
        variables["OCI_CONFIG_FILE"] = server.configuration
        let before = try server.tokens().issued
        _ = try OCIProvider.connect(address, in: .test(variables), lookup: false)
        #expect(try server.tokens().issued == before)
        variables["OCI_CLI_AUTH"] = "instance_principal"
        _ = try OCIProvider.connect(address, in: .test(variables), lookup: false)
        #expect(try server.tokens().issued > before)
    }

    /// The oracle's machine stands in `iad`.
    @Test func regionAndTenancyAreTheMachines() throws {
        let (server, _) = try Self.session.get()
        var variables = server.instance
        variables["OCI_NAMESPACE"] = "ns"
        let address = BucketAddress(try Bucket(provider: .oci, name: "data"))
        let backend = try OCIProvider.connect(address, in: .test(variables), lookup: false).backend
        #expect(backend.url(of: "o") == "https://objectstorage.us-ashburn-1.oraclecloud.com/n/ns/b/data/o/o")
        #expect(try OCIProvider.buckets(bucket(server), in: .test(server.instance)).map(\.name).contains("data"))
    }

    @Test func whatIsWrongIsNamed() throws {
        let (server, _) = try Self.session.get()
        let address = try bucket(server)
        let nowhere = "http://127.0.0.1:\(try ServerProcess.freePort())"
        #expect(failure(address, ["OCI_METADATA_BASE_URL": nowhere])?.kind == .credentials)
        let open = server.instance.merging(["OCI_SDK_AUTH_CLIENT_REGION_URL": "http://auth.example.com"]) { $1 }
        #expect(failure(address, open)?.kind == .usage)
        let refusing = try ResponderServer { _ in .init(401, text: #"{"code":"NotAuthenticated","message":"no"}"#) }
        let refused = failure(
            address, server.instance.merging(["OCI_SDK_AUTH_CLIENT_REGION_URL": refusing.origin]) { $1 })
        #expect(refused?.kind == .credentials)
        #expect(refused?.message.contains("dynamic group") == true)
        let failing = try ResponderServer { _ in .init(503) }
        let later = failure(
            address, server.instance.merging(["OCI_SDK_AUTH_CLIENT_REGION_URL": failing.origin]) { $1 })
        #expect(later?.kind == .unreachable)
        let odd = try ResponderServer { .init(200, text: $0.path.hasSuffix("region") ? "iad" : "no certificate") }
        #expect(failure(address, ["OCI_METADATA_BASE_URL": odd.origin])?.kind == .credentials)
    }
}
