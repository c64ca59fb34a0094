import ObjectModel

/// AIStore's REST API, as far as aismove uses it: what a cluster knows, and the few calls that change it.
///
/// Through the proxies in turn, retried, with the AuthN token. Calls block the thread. What each call may do to data
/// behind the cluster is its own rule:
/// - `put`, `destroy` and `delete` only ever work on `ais://` buckets without a backend: elsewhere they would reach the
///   user's cloud;
/// - `evict…` carry the action that makes the cluster drop its own copies and leave the source alone.
public struct ClusterClient: Sendable {
    static let bodyLimitBytes = 64 << 20

    public let nodes: ClusterNodes
    let environment: CloudEnvironment

    /// - Parameter token: AuthN's; nil = none.
    public init(_ map: ClusterMap, token: String?, _ environment: CloudEnvironment) {
        nodes = ClusterNodes(map, bucket: nil, token: token, now: environment.now)
        self.environment = environment
    }

    /// Finds the cluster and the token as `AISProvider` does.
    public static func connect(
        _ cluster: RemoteCluster, in environment: CloudEnvironment
    ) throws(BackendError) -> ClusterClient {
        let map = try ClusterFinder.map(of: cluster, in: environment)
        return ClusterClient(map, token: try AuthNToken.find(in: environment), environment)
    }

    public var map: ClusterMap { nodes.map }

    /// A bucket as the cluster's HEAD describes it.
    public struct BucketHead: Sendable, Hashable {
        /// All props, as in the BMD.
        public let props: JSONValue
        public let bid: UInt64

        /// Whether its objects have another home, by provider or by `backend_bck`: then no PUT and no plain DELETE.
        public func hasRemoteBackend(_ bucket: Bucket) -> Bool {
            !bucket.isAIS || !(props["backend_bck"]?["name"]?.string ?? "").isEmpty
        }
    }

    /// Whether a node answers its health check.
    public func isHealthy() -> Bool {
        guard let (head, _) = try? send(HTTPRequest(url: ClusterPaths.health), subject: map.uuid) else { return false }
        return head.status == 200
    }

    /// HEAD with provider and namespace; this alone makes a cluster add a remote bucket to its BMD. Nil = no such bucket.
    public func head(_ bucket: Bucket) throws(BackendError) -> BucketHead? {
        let (head, body) = try send(HTTPRequest(.head, url: ClusterPaths.bucket(bucket)), subject: bucket.cname)
        if head.status == 404 { return nil }
        try expect(200, head, body, bucket.cname)
        let text = Array((head.headers["Ais-Bucket-Props"] ?? "").utf8)
        guard let props = try? JSONValue.parse(text), let bid = props["bid"]?.unsigned, bid != 0 else {
            throw BackendError(.unreachable, bucket.cname, "the cluster's answer has no bucket props with a bid")
        }
        return BucketHead(props: props, bid: bid)
    }

    /// The buckets of one provider and namespace that the cluster knows or can list, in UTF-8 order.
    public func buckets(provider: Provider, namespace: Namespace) throws(BackendError) -> [Bucket] {
        let subject = "\(provider.scheme)://\(namespace.cname)"
        let request = HTTPRequest(
            url: ClusterPaths.buckets(provider: provider, namespace: namespace), headers: Self.json,
            body: Self.action("list"))
        let (head, body) = try send(request, subject: subject)
        try expect(200, head, body, subject)
        guard let list = (try? JSONValue.parse(body)).map({ $0.isNull ? [] : $0.array }) ?? nil else {
            throw BackendError(.unreachable, subject, "the cluster's answer is no list of buckets")
        }
        return list.compactMap { entry in
            guard let name = entry["name"]?.string,
                let provider = entry["provider"]?.string.flatMap({ Provider(scheme: $0) })
            else { return nil }
            let namespace = Namespace(
                uuid: entry["namespace"]?["uuid"]?.string ?? "", name: entry["namespace"]?["name"]?.string ?? "")
            return try? Bucket(provider: provider, namespace: namespace, name: name)
        }
        .sorted()
    }

    // MARK: - the wire

    static let json = [HTTPHeader("Content-Type", "application/json")]

    static func action(_ name: String, _ value: JSONValue? = nil) -> [UInt8] {
        var message: JSONValue = ["action": .string(name)]
        if let value { message["value"] = value }
        return message.serialized()
    }

    /// Sends to a node; what a proxy redirects (PUT, PATCH and DELETE of objects) is sent once more to where it says.
    func send(
        _ request: HTTPRequest, subject: String
    ) throws(BackendError) -> (head: HTTPResponseHead, body: [UInt8]) {
        let lane = environment.makeLane()
        let asked = try lane.ask(request, nodes, subject: subject, bodyLimit: Self.bodyLimitBytes)
        guard asked.head.status == 307, let location = asked.head.headers["Location"] else { return asked }
        guard let origin = URLText.origin(of: location), map.targets.contains(where: { $0.origin == origin }) else {
            throw BackendError(.refused, subject, "the cluster redirects to a node that its own map does not name")
        }
        var again = try nodes.authorize(request)
        again.url = location
        do throws(TransportError) {
            return try lane.perform(again, bodyLimit: Self.bodyLimitBytes)
        } catch {
            throw BackendError(error.kind == .cancelled ? .cancelled : .unreachable, subject, "\(error)")
        }
    }

    func expect(_ status: Int, _ head: HTTPResponseHead, _ body: [UInt8], _ subject: String) throws(BackendError) {
        if head.status == status { return }
        let error = ClusterError(head, body: body)
        switch head.status {
        case 401, 403:
            throw BackendError(
                .refused, subject, "the cluster answers \(error); set AIS_AUTHN_TOKEN or AIS_AUTHN_TOKEN_FILE")
        case 404: throw BackendError(.noBucket, subject, "the cluster answers \(error)")
        case let status where RetryPolicy.isRetryable(status: status):
            throw BackendError(.unreachable, subject, "the cluster answers \(error), retries included")
        default: throw BackendError(.refused, subject, "the cluster answers \(error)")
        }
    }
}
