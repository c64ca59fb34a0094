import Foundation
import TestSupport
import Testing

/// Runs that fail in every way tell no secret, anywhere.
struct CloudSecretTests {
    private static let marker = "s3cr3t-v4lue"

    private func run(
        _ scene: Scene, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for style in [["--json"], ["--verbose"], []] {
            let run = try scene.reported("prefetch", arguments + ["--retries", "0"] + style)
            #expect(run.status != 0, run.said, sourceLocation: sourceLocation)
            #expect(!run.said.rawValue.contains(Self.marker), run.said, sourceLocation: sourceLocation)
        }
    }

    /// Everything below the store, the mountpaths and the reports, extended attributes decoded.
    private func expectNoSecret(_ scene: Scene) throws {
        #expect(!"\(try scene.disk())".contains(Self.marker))
        let found = try TestSupport.run("grep", ["-rlaF", Self.marker, scene.store] + scene.hosts + reports(scene))
        #expect(found.out == "")
    }

    private func reports(_ scene: Scene) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scene.scratch.path).filter { $0.hasPrefix("report-") }
            .map { "\(scene.scratch.path)/\($0)" }
    }

    @Test func keysThatAreRefused() throws {
        let server = try CloudSite.shared()
        let scene = try Scene(cloud: server)
        let bucket = CloudSite.name()
        try scene.seed(Seed(bucket, ["x": Data("x".utf8)]))
        scene.environment["AWS_SECRET_ACCESS_KEY"] = Self.marker
        try run(scene, ["s3://\(bucket)"])
        scene.environment["AWS_SESSION_TOKEN"] = "\(Self.marker)-token"
        try run(scene, ["s3://\(bucket)"])
        try run(scene, ["s3://\(bucket)", "--region", "eu-nowhere-9"])
        try run(scene, ["s3://\(bucket)", "--skip-lookup"])
        try run(scene, ["s3://\(bucket)/{x,y}", "--skip-lookup"])
        let headers = try scene.scratch.write("headers", "X-Api-Key: \(Self.marker)\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: headers)
        try run(scene, ["s3://\(bucket)", scene.url("gone"), "--header-file", headers])
        try expectNoSecret(scene)
    }

    @Test func serversThatAreNotThere() throws {
        let scene = try Scene()
        let port = try ServerProcess.freePort()
        scene.environment["AWS_ACCESS_KEY_ID"] = "AK"
        scene.environment["AWS_SECRET_ACCESS_KEY"] = Self.marker
        scene.environment["AWS_SESSION_TOKEN"] = "\(Self.marker)-token"
        scene.environment["AWS_REGION"] = "us-east-1"
        try run(scene, ["s3://b", "--endpoint", "http://127.0.0.1:\(port)"])
        try run(scene, ["s3://b/{x,y}", "--skip-lookup", "--endpoint", "http://127.0.0.1:\(port)"])
        try expectNoSecret(scene)
    }

    @Test func accountKeysOfAzure() throws {
        let scene = try Scene()
        let port = try ServerProcess.freePort()
        let key = Data(Self.marker.utf8).base64EncodedString()
        let endpoint = "http://127.0.0.1:\(port)/account"
        scene.environment["AZURE_STORAGE_ACCOUNT"] = "account"
        scene.environment["AZURE_STORAGE_KEY"] = key
        for style in [["--json"], []] {
            let run = try scene.reported("prefetch", ["az://c", "--endpoint", endpoint, "--retries", "0"] + style)
            #expect(run.status != 0, run.said)
            #expect(!run.said.rawValue.contains(key), run.said)
        }
        scene.environment["AZURE_STORAGE_KEY"] = nil
        scene.environment["AZURE_STORAGE_SAS_TOKEN"] = "sv=2022-11-02&sig=\(Self.marker)"
        try run(scene, ["az://c", "--endpoint", endpoint])
        try run(scene, ["az://c/{x,y}", "--skip-lookup", "--endpoint", endpoint])
        try expectNoSecret(scene)
    }
}
