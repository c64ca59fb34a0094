import Foundation
import TestSupport

/// A world in which what the pages take for examples is real: their paths are folders of this test, their hosts and
/// buckets are servers on loopback, their ranges are short.
final class ShownWorld {
    let scene: Scene
    /// Where commands run.
    let folder: String
    private let cluster: AISCluster
    private let real: [(example: String, real: String)]
    private var exports = ""

    private static let s3 = Result {
        let server = try CloudSite.seaweed()
        let bucket = CloudSite.name()
        let names = ["imagenet/", "digits/", "train/"].flatMap { folder in (0..<5).map { "\(folder)s-\($0).bin" } }
        let objects = Dictionary(uniqueKeysWithValues: names.map { ($0, Data("<\($0)>".utf8)) })
        try server.seed(JSONEncoder().encode(Seed(bucket, objects)))
        return (server: server, bucket: bucket)
    }

    /// The page that begins with nothing makes its own store; the others find one.
    init(for page: ShownPage) throws {
        let makesStore = page.commands.contains { $0.text.hasPrefix("aismove store init /srv/aismove ") }
        scene = try Scene(initialise: !makesStore)
        folder = "\(scene.scratch.path)/work"
        let (server, bucket) = try Self.s3.get()
        let objects = (0..<3).map { (name: "train/s-\($0).bin", data: Scene.bytes(2000 + $0)) }
        cluster = try AISCluster(buckets: [
            AISCluster.Bucket("ais", "data", objects: objects), AISCluster.Bucket("aws", "raw", objects: objects),
        ])
        var real = [
            ("/srv/aismove", scene.store), ("/etc/aismove/", "\(folder)/etc/"), ("/var/log/aismove/", "\(folder)/log/"),
            ("https://host/", scene.url()), ("{000000..001281}", "{000000..000007}"),
            ("s3://datasets/", "s3://\(bucket)/"), ("s3://bucket/", "s3://\(bucket)/"),
            ("http://minio.local:9000", server.endpoint), ("http://HOST:51080", cluster.url()),
            ("http://10.0.0.1:51080", cluster.url()), ("http://10.0.0.2:51080", cluster.url(proxy: 1)),
            ("gs://corp/shard-{0000..0099}.tar", "gs://data/many/{100..129}"),
            ("az://container/train/", "az://data/many/"),
            ("AZURE_STORAGE_ACCOUNT=myaccount", "AZURE_STORAGE_ACCOUNT=\(AzureServer.account)"),
            ("AZURE_STORAGE_KEY=…", "AZURE_STORAGE_KEY=\(AzureServer.key)"),
        ]
        for (index, host) in scene.hosts.enumerated() { real.append(("/mnt/d\(index + 1)", host)) }
        self.real = real.map { (example: $0.0, real: $0.1) }
        try fill()
        scene.use(server)
        try useProviders(of: page)
        scene.environment["DATASET_URL"] = String(scene.url("numbered"))
        scene.environment["GITHUB_STEP_SUMMARY"] = "\(folder)/step.md"
        scene.environment["PATH"] = "\(folder)/bin:\(scene.environment["PATH"] ?? "")"
        if !makesStore { scene.environment["AISMOVE_STORE"] = scene.store }
    }

    /// The served shards, the job files and the folders that are there in the examples.
    private func fill() throws {
        try scene.putShards("imagenet/train-", count: 8)
        try scene.putShards("numbered/train-", count: 4)
        try scene.putShards("numbered/train-", first: 5, count: 1)
        let sums = try TestSupport.runChecked("sh", ["-c", "sha256sum *.tar"], directory: scene.served("numbered"))
        try scene.put("numbered/SHA256SUMS", sums.stdout)
        let files = FileManager.default
        for name in ["bin", "log", "etc", "jobs"] {
            try files.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        try files.createSymbolicLink(atPath: "\(folder)/bin/aismove", withDestinationPath: Program.path)
        let jobs = "\(TestSupport.repositoryRoot)/jobs"
        for name in try files.contentsOfDirectory(atPath: jobs) where name.hasSuffix(".yaml") {
            try write("jobs/\(name)", String(contentsOfFile: "\(jobs)/\(name)", encoding: .utf8))
        }
        try write("etc/imagenet.yaml", String(contentsOfFile: "\(jobs)/cron/imagenet.yaml", encoding: .utf8))
    }

    private func useProviders(of page: ShownPage) throws {
        if page.text.contains("gs://") {
            let google = try ProviderSite.shared("gs")
            scene.environment.merge(google.environment) { $1 }
            scene.environment["STORAGE_EMULATOR_HOST"] = google.endpoint
            scene.environment["GCS_BUCKET"] = "data"
        }
        if page.text.contains("az://") {
            scene.environment["AZURE_STORAGE_BLOB_ENDPOINT"] = try ProviderSite.shared("az").endpoint
        }
    }

    /// A file of the working directory, its examples made real.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try scene.scratch.write("work/\(name)", realised(text))
    }

    private func realised(_ text: String) -> String {
        real.reduce(text) { $0.replacing($1.example, with: $1.real) }
    }

    /// Runs one line by a shell; what was exported before it holds for it.
    func run(_ line: String) throws -> ProcessResult {
        let line = realised(line)
        if line.hasPrefix("export ") { exports += line + "\n" }
        return try TestSupport.run(
            "timeout", ["--signal=KILL", String(Program.patience), "bash", "-c", exports + line],
            environment: scene.environment, directory: folder)
    }
}
