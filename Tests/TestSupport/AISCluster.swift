import Foundation

/// `Tests/Servers/ais_replay.py`: nodes of an AIS cluster that answer as recorded, on free ports of 127.0.0.1.
public final class AISCluster: Sendable {
    /// A bucket to begin with: provider as in the BMD, namespace `""` or `@#name`, objects by name.
    public struct Bucket {
        public var provider: String
        public var namespace: String
        public var name: String
        /// Pairs: a dictionary would take two spellings of `ü` for one key.
        public var objects: [(name: String, data: Data)]
        public var custom: [String: [String: String]]
        public var versions: [String: String]

        public init(
            _ provider: String, _ name: String, namespace: String = "", objects: [(name: String, data: Data)] = [],
            custom: [String: [String: String]] = [:], versions: [String: String] = [:]
        ) {
            self.provider = provider
            self.namespace = namespace
            self.name = name
            self.objects = objects
            self.custom = custom
            self.versions = versions
        }
    }

    /// What a node was asked.
    public struct Request: Decodable, Sendable {
        public var node: String
        public var method: String
        public var path: String
        public var range: String?
        public var token: String?
        /// Of the body that came with it.
        public var bytes: Int
        /// The body itself, unless it is an object's or long.
        public var body: String
    }

    public let uuid: String
    public let proxyPorts: [Int]
    /// By daemon ID.
    public let targetPorts: [String: Int]
    private let server: ServerProcess
    private let files: ScratchDirectory

    /// - Parameters:
    ///   - reachable: buckets elsewhere that a HEAD makes the cluster add, without objects.
    ///   - token: the AuthN token that the nodes ask for; nil = none.
    ///   - mountpaths: of the targets that keep what they have on disk, as a node does.
    public init(
        uuid: String = "gw1OWWdOt", proxies: Int = 2, targets: [String] = ["QQFeZboO", "tgtTwo", "tgtThree"],
        buckets: [Bucket] = [], reachable: [Bucket] = [], token: String? = nil,
        mountpaths: [String: [String]] = [:]
    ) throws {
        self.uuid = uuid
        files = try TestSupport.scratch("ais")
        let first = try ServerProcess.freePorts(Array(0..<(proxies + targets.count)))
        proxyPorts = (0..<proxies).map { first + $0 }
        targetPorts = Dictionary(uniqueKeysWithValues: targets.enumerated().map { ($1, first + proxies + $0) })
        var listed: [[String: Any]] = []
        for (index, bucket) in buckets.enumerated() {
            for object in bucket.objects { try files.write("bucket\(index)/\(object.name)", object.data) }
            listed.append([
                "provider": bucket.provider, "namespace": bucket.namespace, "name": bucket.name,
                "objects": "\(files.path)/bucket\(index)", "custom": bucket.custom, "versions": bucket.versions,
            ])
        }
        var config: [String: Any] = [
            "uuid": uuid, "proxies": proxyPorts,
            "targets": targets.enumerated().map {
                ["id": $1, "port": first + proxies + $0, "mountpaths": mountpaths[$1] ?? []] as [String: Any]
            },
            "buckets": listed,
            "reachable": reachable.map { ["provider": $0.provider, "namespace": $0.namespace, "name": $0.name] },
        ]
        if let token { config["token"] = token }
        let path = try files.write("config.json", JSONSerialization.data(withJSONObject: config))
        server = try ServerProcess(
            TestSupport.python, ["\(TestSupport.repositoryRoot)/Tests/Servers/ais_replay.py", path],
            ready: .line("ready"))
    }

    public func url(proxy: Int = 0) -> String { "http://127.0.0.1:\(proxyPorts[proxy])" }

    /// Calls refused because they would harm a real cluster; empty at the end of every test.
    public func violations() throws -> [String] {
        try JSONDecoder().decode([String].self, from: control("violations"))
    }

    /// What the nodes were asked since this was asked last.
    public func requests() throws -> [Request] {
        try JSONDecoder().decode([Request].self, from: control("requests"))
    }

    /// Nodes at these ports give no answer.
    public func setDown(_ ports: [Int]) throws { try set(["down": ports]) }

    /// Targets answer this to what no proxy redirected; nil = they serve it.
    public func setRefusing(_ status: Int?) throws { try set(["refuse": status.map { $0 as Any } ?? NSNull()]) }

    /// A target goes into maintenance: the next Smap says so.
    public func setInMaintenance(_ target: String) throws { try set(["flags": [target: 4]]) }

    public func setToken(_ token: String?) throws {
        try set(["require_token": token.map { $0 as Any } ?? NSNull()])
    }

    /// Every page after the first carries the token that it was asked with.
    public func setRepeatingPages(_ repeats: Bool) throws {
        try set(["pagefault": repeats ? "repeat" as Any : NSNull()])
    }

    /// Another state of an object, behind everybody's back.
    public func replace(_ object: String, in bucket: String, provider: String = "ais", text: String) throws {
        let ask = ["provider": provider, "bucket": bucket, "name": object, "text": text]
        _ = try control("put", try JSONSerialization.data(withJSONObject: ask))
    }

    public func stop() { server.stop() }

    private func set(_ knobs: [String: Any]) throws {
        _ = try control("set", try JSONSerialization.data(withJSONObject: knobs))
    }

    private func control(_ path: String, _ body: Data? = nil) throws -> Data {
        var arguments = ["-sSf", "--noproxy", "*", "--max-time", "10", "\(url())/replay/\(path)"]
        if body != nil { arguments += ["--data-binary", "@-"] }
        return try TestSupport.runChecked("curl", arguments, input: body).stdout
    }
}
