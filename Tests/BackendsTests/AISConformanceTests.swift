import Foundation
import ObjectModel
import TestSupport
import Testing

@testable import Backends

/// The suite that all providers pass, through the nodes of a cluster.
@Suite struct AISConformanceTests {
    private static let shared = Result {
        let objects = ConformanceObjects.all.map { (name: $0.name, data: Data($0.bytes)) }
        return try AISCluster(
            buckets: [
                AISCluster.Bucket("ais", "conformance", objects: objects),
                AISCluster.Bucket("aws", "conformance", objects: objects),
            ], token: "geheim")
    }

    @Test(arguments: [Provider.ais, .aws])
    func conformance(_ provider: Provider) throws {
        let cluster = try Self.shared.get()
        let remote = RemoteCluster(alias: "remais", urls: [cluster.url(), cluster.url(proxy: 1)])
        func address(_ name: String) throws -> BucketAddress {
            BucketAddress(
                try Bucket(provider: provider, namespace: Namespace(uuid: cluster.uuid), name: name), cluster: remote)
        }
        let environment = AISLiveTests.environment(["AIS_AUTHN_TOKEN": "geheim"])
        var subject = ConformanceSubject(
            "ais (\(provider.scheme))", AISProvider.self, bucket: try address("conformance"), environment)
        subject.missing = try address("missing")
        subject.refused = (subject.bucket, AISLiveTests.environment(["AIS_AUTHN_TOKEN": "wrong"]))
        subject.metadataKeys = ["source"]
        // AIS ignores conditions.
        subject.givesConditions = false
        try runConformance(subject)
        #expect(try cluster.violations().isEmpty)
    }
}
