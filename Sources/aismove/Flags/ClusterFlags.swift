import ArgumentParser
import Backends
import Foundation
import Mover
import NodeStore
import Planner

/// How the store stands to a cluster: its node's, which runs; its node's, which does not; or one that is to start it.
struct ClusterFlags: ParsableArguments {
    @Option(
        name: .customLong("cluster"),
        help: ArgumentHelp(
            "The running cluster that this node belongs to: registers buckets and changes objects through its API.",
            valueName: "url"))
    var cluster: String?

    @Option(
        name: .customLong("node-id"),
        help: ArgumentHelp("This node's daemon ID, where its mountpaths do not say it.", valueName: "id"))
    var nodeID: String?

    @Option(
        name: .customLong("bmd"),
        help: ArgumentHelp(
            """
            Keep one more copy of the BMD in the configuration directory of the primary proxy that is to start a new \
            cluster from this store. The store remembers it; 'none' makes it forget.
            """, valueName: "dir"))
    var bmd: String?

    @Flag(
        name: .customLong("whole-cluster-is-down"),
        help: """
            No node of the cluster that the store belongs to runs: change BMD and objects without it. Only with --bmd, \
            which then names the directory that its primary has.
            """)
    var wholeClusterIsDown = false

    private static let forget = "none"

    func validate() throws {
        if nodeID != nil, cluster == nil, !wholeClusterIsDown {
            throw ValidationError("--node-id goes with --cluster or --whole-cluster-is-down")
        }
        if bmd?.isEmpty == true {
            throw ValidationError("--bmd needs a directory; 'none' lets the store forget the one that it knows")
        }
        if wholeClusterIsDown, bmd == nil || bmd == Self.forget {
            throw ValidationError(
                "--whole-cluster-is-down needs --bmd DIR, the configuration directory of the cluster's primary proxy: its "
                    + "BMD is the one that counts when the cluster comes up again")
        }
        if cluster != nil, bmd != nil {
            throw ValidationError(
                "--cluster and --bmd contradict each other: a running primary writes its BMD itself; give --bmd only "
                    + "while no node runs")
        }
    }

    func isNamed(job: Job?) -> Bool { cluster != nil || job?.cluster.url != nil }

    /// The store as the flags say, or the job where they say nothing, and the running cluster where one was named.
    /// - Parameter isDryRun: the store remembers nothing.
    func apply(
        to store: NodeStore, network: NetworkOptions, retries: Int, job: Job? = nil, isDryRun: Bool = false
    ) throws -> (store: NodeStore, cluster: ClusterSide?) {
        let named = try over(job)
        let (cluster, nodeID, bmd) = (named.cluster, named.nodeID, named.bmd)
        // Headers and logins are for sources; the cluster's nodes have no business with them.
        let environment = CloudEnvironment(network: network.forProviders, retry: RetryPolicy(retries: retries))
        if let cluster {
            let shown = URLText.redacted(cluster)
            guard shown == cluster else {
                throw CommandFailure(
                    .usage,
                    "\(shown): --cluster takes a URL without user, query and fragment; for tokens: AIS_AUTHN_TOKEN_FILE"
                )
            }
            let side = try ClusterSide(url: cluster, nodeID: nodeID, store: store, in: environment)
            return (side.store, side)
        }
        guard let bmd else { return (store, nil) }
        if named.wholeClusterIsDown {
            let down = try store.whileClusterIsDown(primary: bmd, nodeID: nodeID)
            try refuseRunning(down.ownership.clusterURLs, environment)
            return (down, nil)
        }
        if isDryRun { return (store, nil) }
        let (kept, lines) = try store.keepingBMD(in: bmd == Self.forget ? nil : bmd)
        for line in lines { Console.note(line) }
        return (kept, nil)
    }

    /// These flags, with what the job says where they name no cluster.
    private func over(_ job: Job?) throws -> ClusterFlags {
        guard let job else { return self }
        var named = self
        if cluster == nil, bmd == nil {
            named.cluster = job.cluster.url?.value
            named.bmd = job.cluster.bmd?.value
            named.wholeClusterIsDown = wholeClusterIsDown || job.cluster.isDown == true
        }
        named.nodeID = nodeID ?? job.cluster.nodeID?.value
        do {
            try named.validate()
        } catch let error as ValidationError {
            throw CommandFailure(.usage, "\(job.name): \(error.message)")
        }
        return named
    }

    /// The user's word is taken, but not against an answer.
    private func refuseRunning(_ urls: [String], _ environment: CloudEnvironment) throws {
        guard let url = ClusterFinder.answering(urls, in: environment) else { return }
        throw CommandFailure(
            .store,
            "\(url) answers: the cluster is not down as a whole. Stop all its nodes, or work with it: --cluster URL")
    }
}
