import Foundation
import TestSupport
import Testing

/// Runs against S3 that fail in every way tell no secret, anywhere.
struct CloudSecretTests {
    private static let marker = "s3cr3t-v4lue"

    private func nowhere() throws -> String { "http://127.0.0.1:\(try ServerProcess.freePort())" }

    @Test func keysThatAreRefused() throws {
        let server = try CloudSite.shared()
        let scene = try Scene(cloud: server)
        let watch = SecretWatch(scene: scene, secrets: [Self.marker])
        let bucket = CloudSite.name()
        try scene.seed(Seed(bucket, ["x": Data("x".utf8)]))
        scene.environment["AWS_SECRET_ACCESS_KEY"] = Self.marker
        try watch.fails("s3://\(bucket)")
        scene.environment["AWS_SESSION_TOKEN"] = "\(Self.marker)-token"
        try watch.fails("s3://\(bucket)")
        try watch.fails("s3://\(bucket)", "--region", "eu-nowhere-9")
        try watch.fails("s3://\(bucket)", "--skip-lookup")
        try watch.fails("s3://\(bucket)/x-{0..1}", "--skip-lookup")
        let headers = try scene.scratch.write("headers", "X-Api-Key: \(Self.marker)\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: headers)
        let run = try scene.prefetch("s3://\(bucket)", scene.url("gone"), "--header-file", headers)
        #expect(run.status == 5 && !run.said.rawValue.contains(Self.marker), run.said)
        try watch.expectNothingLeft()
    }

    @Test func serversThatAreNotThereOrFail() throws {
        let scene = try Scene()
        let watch = SecretWatch(scene: scene, secrets: [Self.marker])
        scene.environment["AWS_ACCESS_KEY_ID"] = "AK"
        scene.environment["AWS_SECRET_ACCESS_KEY"] = Self.marker
        scene.environment["AWS_SESSION_TOKEN"] = "\(Self.marker)-token"
        scene.environment["AWS_REGION"] = "us-east-1"
        let failing = try ResponderServer { _ in .init(500, text: "<Error><Code>InternalError</Code></Error>") }
        for endpoint in [try nowhere(), failing.origin] {
            try watch.fails("s3://bucket", "--endpoint", endpoint)
            try watch.fails("s3://bucket/x-{0..1}", "--skip-lookup", "--endpoint", endpoint)
        }
        try watch.expectNoneInProcessList("s3://bucket")
        try watch.expectNothingLeft()
    }

    @Test func filesThatAreBroken() throws {
        let scene = try Scene()
        let watch = SecretWatch(scene: scene, secrets: [Self.marker])
        _ = try scene.scratch.write(
            ".aws/credentials",
            "[default]\naws_secret_access_key = \(Self.marker)\n\(Self.marker)\n[x\naws_access_key_id=\(Self.marker)\n")
        scene.environment["AWS_EC2_METADATA_DISABLED"] = "true"
        try watch.fails("s3://bucket", "--endpoint", try nowhere())
        try watch.expectNothingLeft()
    }
}
