import Foundation
import ObjectModel
import Synchronization
import TestSupport
import Testing

@testable import Backends

/// The suite itself, and plain HTTP.
@Suite struct ConformanceTests {
    @Test func theReferenceConforms() throws {
        let server = try ReferenceServer()
        let origin = server.responder.origin
        let environment = CloudEnvironment.test(["PASSWORD": "let me in"])
        let bucket = try BucketAddress(Bucket(provider: .aws, name: "data"), endpoint: origin)
        var subject = ConformanceSubject("reference", ReferenceProvider.self, bucket: bucket, environment)
        subject.missing = try BucketAddress(Bucket(provider: .aws, name: "nothing"), endpoint: origin)
        subject.refused = (bucket, CloudEnvironment.test(["PASSWORD": "open sesame"]))
        subject.metadataKeys = ["source", "ETag"]
        subject.promisesDigests = false
        try runConformance(subject)
        withExtendedLifetime(server) {}
    }

    /// Its digests come only with whole answers; the suite has to notice a server that loses something.
    @Test func theSuiteNoticesWhatIsWrong() throws {
        let objects =
            ConformanceObjects.without(["many/007", "zero.bin"]) + [ConformanceObject(name: "zero.bin", bytes: [1])]
        let server = try ReferenceServer(objects)
        let environment = CloudEnvironment.test(["PASSWORD": "let me in"])
        let bucket = try BucketAddress(Bucket(provider: .aws, name: "data"), endpoint: server.responder.origin)
        var subject = ConformanceSubject("spoilt", ReferenceProvider.self, bucket: bucket, environment)
        subject.promisesDigests = false
        let issues = Mutex(0)
        try withKnownIssue {
            try runConformance(subject)
        } matching: { _ in
            issues.withLock { $0 += 1 }
            return true
        }
        #expect(issues.withLock { $0 } >= 5)
        withExtendedLifetime(server) {}
    }

    @Test func plainHTTPConforms() throws {
        let www = try TestSupport.scratch("conformance")
        try ConformanceObjects.write(to: www)
        let nginx = try NginxServer.start(www: www.path)
        let place = { @Sendable (prefix: String, name: String) in
            nginx.url(.http, prefix + URLText.escapedPath(name))
        }
        try runHTTPConformance(
            HTTPSubject(
                name: "nginx", environment: .test(), url: { place("", $0) }, refused: { place("basic/", $0) },
                indexes: [(.nginxHTML, { place("", $0) }), (.nginxJSON, { place("json/", $0) })]))
        nginx.stop()
    }
}
