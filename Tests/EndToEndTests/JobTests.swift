import Foundation
import TestSupport
import Testing

/// Job files: the examples of `jobs/` as they stand, and what flags and files say together.
struct JobTests {
    private static let jobs = "\(TestSupport.repositoryRoot)/jobs"

    private func makeScene() throws -> Scene {
        let scene = try Scene()
        try scene.putShards(count: 4)
        try scene.putShards(first: 5, count: 1)
        let sums = try TestSupport.runChecked("sh", ["-c", "cd '\(scene.served(""))' && sha256sum train-*.tar"])
        try scene.put("SHA256SUMS", sums.stdout)
        scene.environment["DATASET_URL"] = String(scene.url().dropLast())
        return scene
    }

    @Test(arguments: [("demo", 4), ("http-range", 5), ("http-checksums", 5)])
    func theExamplesRun(_ name: String, _ shards: Int) throws {
        let scene = try makeScene()
        let file = "\(Self.jobs)/\(name).yaml"
        #expect(try scene.aismove(["job", "check", file]).status == 0)
        #expect(try scene.onStore("plan", file).status == 0)
        #expect(try scene.disk().names == [])
        let run = try scene.prefetch(file)
        #expect(run.status == 0, run.said)
        #expect(run.counts["moved"] == shards, run.said)
        #expect(try scene.disk().problems == [])
        #expect(try scene.prefetch(file).counts["present"] == shards)
    }

    @Test func sourcesBesideAJobFileAreRefused() throws {
        let scene = try makeScene()
        let result = try scene.onStore("plan", "\(Self.jobs)/demo.yaml", scene.url(shard(0)))
        #expect(result.status == 2 && result.err.contains("demo.yaml"), "\(result.err)")
    }

    @Test func aSourcesHeadersAskForTheRestOfABrokenBodyToo() throws {
        let scene = try Scene(mountpaths: 1)
        let (size, half) = (3 << 20, 3 << 19)
        let bytes = String(repeating: "a", count: size)
        func head(_ length: Int, _ status: String, _ more: String = "") -> String {
            "HTTP/1.1 \(status)\r\nContent-Length: \(length)\r\nETag: \"v1\"\r\n\(more)\r\n"
        }
        let range = "Content-Range: bytes \(half)-\(size - 1)/\(size)\r\n"
        let server = try ScriptedServer([
            [.request, .send(head(size, "200 OK") + bytes.prefix(half))],
            [.request, .send(head(half, "206 Partial Content", range) + bytes.prefix(half))],
        ])
        let secret = try scene.scratch.write("token", "X-Api-Key: s3cr3t\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret)
        let file = try scene.scratch.write(
            "j.yaml",
            """
            job: j
            sources: [{url: "\(server.url("x.bin"))", to: ais://b, header-file: token}]
            skip-lookup: true
            """)
        let run = try scene.prefetch(file)
        #expect(run.status == 0, run.said)
        #expect(server.requests.count == 2 && server.requests.last?.contains("bytes=\(half)-") == true)
        #expect(server.requests.allSatisfy { $0.contains("s3cr3t") })
    }

    @Test func aSourcesHeadersGoToItsOwnOriginOnly() throws {
        let scene = try Scene(mountpaths: 1)
        let other = try ScriptedServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        let first = try ScriptedServer(
            answer:
                "HTTP/1.1 302 Found\r\nLocation: \(other.url("y.bin"))\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        let secret = try scene.scratch.write("token", "X-Api-Key: s3cr3t\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret)
        let file = try scene.scratch.write(
            "j.yaml",
            """
            job: j
            sources:
              - {url: "\(first.url("x.bin"))", to: ais://b, header-file: token}
              - {url: "\(other.url("z.bin"))", to: ais://c}
            """)
        let run = try scene.prefetch(file)
        #expect(run.status == 0, run.said)
        #expect(!first.requests.isEmpty && first.requests.allSatisfy { $0.contains("s3cr3t") })
        #expect(!other.requests.isEmpty && other.requests.allSatisfy { !$0.contains("s3cr3t") })
        #expect(!"\(try scene.disk())\(run.result.out)\(run.err)".contains("s3cr3t"))
    }

    /// The schema, as another's validator reads it, takes the examples and refuses what is wrong.
    @Test func theSchemaIsThatOfTheReader() throws {
        let script = """
            import json, sys, glob, yaml, jsonschema
            schema = json.load(open(sys.argv[1] + "/docs/job.schema.json"))
            jsonschema.Draft7Validator.check_schema(schema)
            judge = jsonschema.Draft7Validator(schema)
            files = glob.glob(sys.argv[1] + "/jobs/*.yaml")
            assert len(files) > 4, files
            for file in files:
                judge.validate(yaml.safe_load(open(file)))
            head = "{job: j, sources: [{url: x}]"
            assert judge.is_valid(yaml.safe_load(head + ", transfer: {lanes: 3, limit-rate: 1GB}, report: r.json}"))
            for bad in ["lames: 3}", "transfer: {lanes: many}}", "transfer: {lanes: 0}}", "sync: {max-delete: 2}}",
                        "durable: perhaps}", "store: 5}", "on-locked: maybe}", "report: {keep: 3}}"]:
                assert not judge.is_valid(yaml.safe_load(head + ", " + bad)), bad
            assert not judge.is_valid({"job": "j", "sources": [{"url": "x", "bucket": "s3://b"}]})
            assert not judge.is_valid({"job": "j", "sources": [{"to": "ais://b"}]})
            """
        try TestSupport.runChecked(TestSupport.python, ["-c", script, TestSupport.repositoryRoot])
    }
}
