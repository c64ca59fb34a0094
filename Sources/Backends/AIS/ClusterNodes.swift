import ObjectModel
import Synchronization

/// Picks the node of a remote AIS cluster that a request goes to: objects from the target that HRW names, everything
/// else, and objects in trouble, through the proxies in turn. Shared by all lanes of a run.
///
/// - A node that gave no answer is passed over for half a minute; when none is left, the one down longest is tried.
/// - After a target's 401 or 403 (a cluster that signs the requests among its nodes) only proxies are asked, for the rest
///   of the run. Their redirects are followed by the lane, once, and never kept.
/// - A URL that ends in `#proxy` goes through a proxy, whatever HRW says.
/// - The AuthN token goes to the cluster's own nodes, and to no other.
public final class ClusterNodes: RequestAuthorizer {
    /// Ends the URL of an object that a proxy is to be asked for.
    static let proxyMark = "#proxy"
    /// Seconds.
    static let downTime = 30.0

    private struct State {
        var turn = 0
        var proxiesOnly = false
        /// When the node at this origin may be tried again.
        var down: [String: Double] = [:]
    }

    public let map: ClusterMap
    private let token: String?
    private let now: @Sendable () -> Double
    private let origins: Set<String>
    private let targetOrigins: Set<String>
    private let proxies: [String]
    private let objectsPath: [UInt8]
    private let uname: String
    private let state: Mutex<State>

    /// - Parameters:
    ///   - bucket: in the cluster's own namespace: its objects are read from targets; nil = only proxies are asked.
    ///   - turn: the proxy to begin with, so that runs do not all begin with the same one.
    init(
        _ map: ClusterMap, bucket: Bucket?, token: String?, turn: Int = .random(in: 0..<1024),
        now: @escaping @Sendable () -> Double
    ) {
        self.map = map
        self.token = token
        self.now = now
        proxies = map.proxies.map(\.origin)
        targetOrigins = Set(map.targets.map(\.origin)).subtracting(proxies)
        origins = targetOrigins.union(proxies)
        objectsPath = bucket.map { Array(ClusterPaths.objects(of: $0).utf8) } ?? []
        uname = bucket?.uname ?? ""
        state = Mutex(State(turn: turn))
    }

    /// Whether the answer came straight from a target that HRW named, no proxy having been asked.
    func cameFromTarget(_ head: HTTPResponseHead) -> Bool {
        head.redirects == 0 && URLText.origin(of: head.url).map(targetOrigins.contains) ?? false
    }

    public func authorize(_ request: HTTPRequest) throws(BackendError) -> HTTPRequest {
        var request = request
        let (rest, wantsProxy) = Self.path(of: request.url)
        let owner = wantsProxy || !(request.method == .get || request.method == .head) ? nil : owner(of: rest)
        guard let origin = pick(owner?.origin) else {
            throw BackendError(
                .unreachable, map.uuid, "the cluster map names no proxy; `aismove remote show` reads it again")
        }
        request.url = origin + rest
        request.avoidsProxy = true
        if let token { request.headers.append(HTTPHeader("Authorization", "Bearer \(token)", isSecret: true)) }
        return request
    }

    /// Whether it was a target that refused: then proxies are asked from now on.
    public func renew(after refused: HTTPRequest) -> Bool {
        guard let origin = URLText.origin(of: refused.url), targetOrigins.contains(origin) else { return false }
        state.withLock { $0.proxiesOnly = true }
        return true
    }

    public func unreachable(_ request: HTTPRequest, _ error: TransportError) {
        guard error.kind != .cancelled else { return }
        let candidates = [error.url, request.url].compactMap { URLText.origin(of: $0) }
        guard let origin = candidates.first(where: origins.contains) else { return }
        let until = now() + Self.downTime
        state.withLock { $0.down[origin] = until }
    }

    private func pick(_ owner: String?) -> String? {
        let time = now()
        return state.withLock { state in
            if let owner, !state.proxiesOnly, state.down[owner].map({ $0 <= time }) ?? true { return owner }
            guard !proxies.isEmpty else { return nil }
            for _ in proxies {
                state.turn = (state.turn + 1) % proxies.count
                if state.down[proxies[state.turn]].map({ $0 <= time }) ?? true { return proxies[state.turn] }
            }
            return proxies.min { (state.down[$0] ?? 0) < (state.down[$1] ?? 0) }
        }
    }

    /// The target of the object whose path this is; nil for any other path.
    private func owner(of path: String) -> ClusterMap.Node? {
        let bytes = path.utf8
        guard !objectsPath.isEmpty, bytes.starts(with: objectsPath) else { return nil }
        let name = bytes.dropFirst(objectsPath.count).prefix { $0 != UInt8(ascii: "?") }
        var hashed = Array("\(uname)/".utf8)
        hashed += PercentEncoding.decoded(name)
        return map.owner(of: HRW.digest(hashed))
    }

    /// What follows the origin, without the mark.
    private static func path(of url: String) -> (rest: String, wantsProxy: Bool) {
        var slashes = 0
        // `ClusterPaths` give no origin to begin with.
        let isPath = url.utf8.first == UInt8(ascii: "/")
        let start = url.utf8.firstIndex { byte in
            slashes += byte == UInt8(ascii: "/") ? 1 : 0
            return slashes == (isPath ? 1 : 3)
        }
        let rest = url[(start ?? url.endIndex)...]
        guard let mark = rest.utf8.firstIndex(of: UInt8(ascii: "#")) else { return (String(rest), false) }
        return (String(rest[..<mark]), true)
    }
}
