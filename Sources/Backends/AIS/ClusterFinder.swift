import Foundation
import ObjectModel

/// Finds a remote AIS cluster by the URLs it was attached with: the first that answers with a cluster map.
public enum ClusterFinder {
    /// Bytes of a cluster map at most.
    static let mapLimitBytes = 16 << 20

    /// Asks each URL in turn, then the proxies that were known last; goes to the next on connection errors. When none
    /// answers, the whole is tried again as the retry policy says.
    ///
    /// Throws `.unreachable` naming every URL and why; `.refused` when the cluster there is another one than
    /// `cluster.uuid`, or refuses us.
    public static func map(
        of cluster: RemoteCluster, in environment: CloudEnvironment
    ) throws(BackendError) -> ClusterMap {
        var attempt = 0
        while true {
            attempt += 1
            do throws(BackendError) {
                return try askAll(cluster, environment, comparing: false)
            } catch {
                let decision = environment.retry.decide(
                    failure: .status(503), attempt: attempt, retryAfter: nil, random: .random(in: 0..<1))
                guard error.kind == .unreachable, case .retry(let seconds) = decision else { throw error }
                try pause(seconds, cluster, environment)
            }
        }
    }

    /// Every URL once, without patience: for `remote attach` and `remote show`, which go on without the cluster. Throws
    /// `.refused` also where two URLs lead to two clusters.
    public static func mapNow(
        of cluster: RemoteCluster, in environment: CloudEnvironment
    ) throws(BackendError) -> ClusterMap { try askAll(cluster, environment, comparing: true) }

    /// - Parameter comparing: ask every URL that was given, and take the newest map; else the first that answers will do.
    private static func askAll(
        _ cluster: RemoteCluster, _ environment: CloudEnvironment, comparing: Bool
    ) throws(BackendError) -> ClusterMap {
        let token = try AuthNToken.find(in: environment)
        let lane = PatientLane(environment.network, policy: RetryPolicy(retries: 0), stopped: environment.stopped)
        let known = knownProxies(of: cluster)
        let given = try cluster.urls.map { url throws(BackendError) in try origin(of: url, cluster.alias) }
        var newest: ClusterMap?
        var failures: [String] = []
        for origin in given + known.subtracting(given).sorted() {
            if newest != nil && !(comparing && given.contains(origin)) { break }
            do throws(BackendError) {
                let map = try ask(origin, lane, token, isNode: known.contains(origin), cluster.alias)
                if let newest, newest.uuid != map.uuid {
                    throw BackendError(
                        .refused, cluster.alias,
                        "its URLs lead to two clusters, \(newest.uuid) and \(map.uuid): attach each by itself")
                }
                if map.version >= newest?.version ?? 0 { newest = map }
            } catch {
                if error.kind != .unreachable { throw error }
                failures.append(error.message)
            }
        }
        guard let map = newest else {
            throw BackendError(.unreachable, cluster.alias, "no node answers: " + failures.joined(separator: "; "))
        }
        guard cluster.uuid ?? map.uuid == map.uuid else {
            throw BackendError(
                .refused, cluster.alias,
                "the cluster there is \(map.uuid) now and was \(cluster.uuid ?? ""); detach it, and attach it again")
        }
        return map
    }

    /// The first of some nodes' URLs where anybody is, whatever he says, and be it nothing; nil when nobody is. Asks each
    /// once, and waits two seconds at most for a connection.
    public static func answering(_ urls: [String], in environment: CloudEnvironment) -> String? {
        var network = environment.network
        network.connectTimeout = min(network.connectTimeout, 2)
        network.stallTimeout = min(network.stallTimeout, 5)
        network.timeout = nil
        let lane = PatientLane(network, policy: RetryPolicy(retries: 0), stopped: environment.stopped)
        return urls.first { url in
            guard let origin = URLText.origin(of: url) else { return false }
            var request = HTTPRequest(url: origin + ClusterPaths.health)
            request.avoidsProxy = true
            do throws(TransportError) {
                _ = try lane.perform(request, bodyLimit: mapLimitBytes)
                return true
            } catch {
                return ![.resolve, .connect, .timeout].contains(error.kind)
            }
        }
    }

    private static func knownProxies(of cluster: RemoteCluster) -> Set<String> {
        guard let smap = cluster.smap,
            let map = try? ClusterMap(parsing: Array(smap.utf8), subject: cluster.alias)
        else { return [] }
        return Set(map.proxies.map(\.origin))
    }

    private static func origin(of url: String, _ alias: String) throws(BackendError) -> String {
        guard let origin = URLText.origin(of: url) else {
            throw BackendError(.usage, alias, "\(URLText.redacted(url)) is no http:// or https:// URL")
        }
        return origin
    }

    private static func ask(
        _ origin: String, _ lane: PatientLane, _ token: String?, isNode: Bool, _ alias: String
    ) throws(BackendError) -> ClusterMap {
        var request = HTTPRequest(url: origin + ClusterPaths.map)
        request.avoidsProxy = isNode
        if let token { request.headers = [HTTPHeader("Authorization", "Bearer \(token)", isSecret: true)] }
        let (head, body): (HTTPResponseHead, [UInt8])
        do throws(TransportError) {
            (head, body) = try lane.perform(request, bodyLimit: mapLimitBytes)
        } catch {
            throw BackendError(error.kind == .cancelled ? .cancelled : .unreachable, alias, "\(error)")
        }
        switch head.status {
        case 200: return try ClusterMap(parsing: body, subject: alias)
        case 401, 403:
            throw BackendError(
                .refused, alias,
                "\(origin) answers \(ClusterError(head, body: body)); set AIS_AUTHN_TOKEN or AIS_AUTHN_TOKEN_FILE")
        default: throw BackendError(.unreachable, alias, "\(origin) answers \(ClusterError(head, body: body))")
        }
    }

    private static func pause(
        _ seconds: Double, _ cluster: RemoteCluster, _ environment: CloudEnvironment
    ) throws(BackendError) {
        let end = LaneClock.monotonic() + seconds
        while LaneClock.monotonic() < end {
            if environment.stopped() { throw BackendError(.cancelled, cluster.alias, "stopped") }
            Thread.sleep(forTimeInterval: min(0.1, max(0, end - LaneClock.monotonic())))
        }
    }
}
