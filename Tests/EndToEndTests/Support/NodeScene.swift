import Foundation
import TestSupport
import Testing

/// A node of a replayed cluster, its mountpaths as the node keeps them, and a store on them.
struct NodeScene {
    let scene: Scene
    let cluster: AISCluster

    init(
        targets: [String] = ["tgtOne"], node: String = "tgtOne", mountpaths: Int = 2,
        buckets: [AISCluster.Bucket] = [], reachable: [AISCluster.Bucket] = [], token: String? = nil
    ) throws {
        scene = try Scene(mountpaths: mountpaths, initialise: false)
        cluster = try AISCluster(
            targets: targets, buckets: buckets, reachable: reachable, token: token,
            mountpaths: [node: scene.hosts])
        scene.environment["AIS_AUTHN_TOKEN"] = token
        let made = try scene.aismove(
            ["store", "init", scene.store] + scene.hosts.flatMap { ["--mountpath", $0] })
        guard made.status == 0 else { throw TestSupportError(made.err) }
    }

    /// A command on the store, beside the cluster, with a report.
    @discardableResult
    func run(_ command: String, _ arguments: String..., input: String? = nil) throws -> Scene.Run {
        try scene.reported(
            command, arguments + ["--cluster", cluster.url()], input: input.map { Data($0.utf8) })
    }

    /// A command beside the cluster that writes no report.
    @discardableResult
    func plain(_ arguments: String...) throws -> ProcessResult {
        try scene.aismove(arguments + ["--store", scene.store, "--cluster", cluster.url()])
    }

    /// The disk, as the independent decoder finds it; what a node itself keeps on its mountpaths is no problem.
    func disk() throws -> Disk {
        var disk = try scene.disk()
        disk.problems.removeAll { problem in
            [".ais.vmd", ".ais.smap"].contains { problem.hasSuffix("/\($0): does not belong here") }
        }
        return disk
    }

    /// Expects a sound disk that holds exactly `contents`, and a cluster that nobody harmed.
    @discardableResult
    func expect(_ contents: [String: Data], sourceLocation: SourceLocation = #_sourceLocation) throws -> Disk {
        let disk = try disk()
        #expect(disk.problems == [], sourceLocation: sourceLocation)
        #expect(disk.leftovers == [], sourceLocation: sourceLocation)
        #expect(disk.names == contents.keys.sorted(), sourceLocation: sourceLocation)
        for object in disk.objects {
            let stored = try Data(contentsOf: URL(fileURLWithPath: object.path))
            #expect(stored == contents[object.name], "\(object.name)", sourceLocation: sourceLocation)
        }
        #expect(try cluster.violations() == [], sourceLocation: sourceLocation)
        return disk
    }

    /// What was asked of objects and buckets since this was asked last, but for looking.
    func changes() throws -> [AISCluster.Request] {
        try cluster.requests().filter { !["GET", "HEAD"].contains($0.method) }
    }

    /// The configuration directory that the primary would have: its BMD, its Smap, its own ID.
    func primaryDirectory() throws -> String {
        let path = "\(scene.scratch.path)/primary"
        let files = FileManager.default
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        for name in [".ais.bmd", ".ais.smap"] {
            try files.copyItem(atPath: "\(scene.hosts[0])/\(name)", toPath: "\(path)/\(name)")
        }
        try scene.scratch.write("primary/.ais.proxy_id", "p\(cluster.proxyPorts[0])")
        return path
    }
}
