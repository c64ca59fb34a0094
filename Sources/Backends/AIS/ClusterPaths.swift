import ObjectModel

/// Paths and queries of AIStore's REST API, from `/v1` on. A bucket goes by its name in the cluster's own namespace.
enum ClusterPaths {
    static let map = "/v1/daemon?what=smap"
    static let health = "/v1/health"

    static func bucket(_ bucket: Bucket) -> String { "/v1/buckets/\(bucket.name)?\(query(bucket))" }

    static func buckets(provider: Provider, namespace: Namespace) -> String {
        "/v1/buckets/?" + query(provider, namespace)
    }

    /// What comes before an object's name, which is percent-encoded.
    static func objects(of bucket: Bucket) -> String { "/v1/objects/\(bucket.name)/" }

    static func object(_ name: String, in bucket: Bucket) -> String {
        "\(objects(of: bucket))\(URLText.escapedPath(name))?\(query(bucket))"
    }

    static func query(_ bucket: Bucket) -> String { query(bucket.provider, bucket.namespace) }

    /// The namespace as `@uuid#name`, encoded; left out when global.
    private static func query(_ provider: Provider, _ namespace: Namespace) -> String {
        let name = namespace.isGlobal ? "" : "&namespace=%40\(namespace.uuid)%23\(namespace.name)"
        return "provider=\(provider.rawValue)\(name)"
    }
}
