import ObjectModel

extension BucketRequest {
    /// The full set of properties that AIStore 4.9 and 5.0 write for a new bucket (`store/ais-bmd.json`); 64-bit
    /// numbers as decimal strings. `created` is in nanoseconds since 1970.
    func props(bid: UInt64, created: UInt64) -> JSONValue {
        var props = defaults(bid: bid, created: created)
        for change in changes { change.apply(to: &props) }
        return props
    }

    private func defaults(bid: UInt64, created: UInt64) -> JSONValue {
        [
            "provider": .string(bucket.provider.rawValue),
            "bid": .string(String(bid)),
            "created": .string(String(created)),
            "access": "18446744073709551615",
            "features": "0",
            "Renamed": "",
            "backend_bck": Self.backendProps(backend),
            "checksum": [
                "type": .string(checksumType.rawValue), "validate_cold_get": false, "validate_warm_get": false,
                "validate_obj_move": false, "enable_read_range": false,
            ],
            "versioning": [
                "enabled": .bool(versioned ?? bucket.isAIS), "validate_warm_get": false, "synchronize": false,
            ],
            "mirror": [
                "copies": .integer(Int64(mirrorCopies > 1 ? mirrorCopies : 2)), "burst_buffer": 512,
                "enabled": .bool(mirrorCopies > 1),
            ],
            "extra": extraProps,
            "write_policy": ["data": "immediate", "md": "immediate"],
            "rate_limit": Self.rateLimit,
            "ec": [
                "compression": "never", "bundle_multiplier": 2, "burst_buffer": 512, "objsize_limit": 262_144,
                "data_slices": 2, "parity_slices": 2, "enabled": false, "disk_only": false,
            ],
            "chunks": ["objsize_limit": "0B", "max_monolithic_size": "1TiB", "chunk_size": "1GiB"],
            "lru": [
                "dont_evict_time": "2h0m", "capacity_upd_time": "10m", "batch_size": 32_768, "enabled": false,
            ],
        ]
    }

    /// A bucket's backend as the BMD has it; all texts empty when it has none.
    static func backendProps(_ backend: Bucket?) -> JSONValue {
        [
            "name": .string(backend?.name ?? ""),
            "provider": .string(backend?.provider.rawValue ?? ""),
            "namespace": [
                "uuid": .string(backend?.namespace.uuid ?? ""), "name": .string(backend?.namespace.name ?? ""),
            ],
        ]
    }

    private var extraProps: JSONValue {
        var http: JSONValue = [:]
        if let originalURL { http["original_url"] = .string(originalURL) }
        var aws: JSONValue = [:]
        if let region { aws["cloud_region"] = .string(region) }
        if let endpoint { aws["endpoint"] = .string(endpoint) }
        if let profile { aws["profile"] = .string(profile) }
        return ["http": http, "aws": aws, "gcp": [:], "oci": [:]]
    }

    private static let rateLimit: JSONValue = [
        "backend": ["interval": "1m", "max_tokens": 1_000, "enabled": false, "num_retries": 3],
        "frontend": ["interval": "1m", "max_tokens": 1_000, "enabled": false, "burst_size": 375],
    ]
}
