import ArgumentParser
import Backends
import Foundation
import Mover
import NodeStore
import Planner

/// The running cluster that the store's node belongs to.
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

    func validate() throws {
        if nodeID != nil, cluster == nil { throw ValidationError("--node-id goes with --cluster") }
    }

    func isNamed(job: Job?) -> Bool { cluster != nil || job?.cluster.url != nil }

    /// Asks the cluster; nil where neither a flag nor the job names one.
    func connect(_ store: NodeStore, network: NetworkOptions, retries: Int, job: Job? = nil) throws -> ClusterSide? {
        guard let cluster = cluster ?? job?.cluster.url?.value else { return nil }
        let nodeID = nodeID ?? job?.cluster.nodeID?.value
        let environment = CloudEnvironment(network: network, retry: RetryPolicy(retries: retries))
        return try ClusterSide(url: cluster, nodeID: nodeID, store: store, in: environment)
    }
}
