import ObjectModel

/// One property of a bucket that a user may change: AIStore's name for it, what it may be, and how AIStore writes it
/// (`BpropsToSet` in its `cmn/api.go`, the ranges from `cmn/config.go`).
public struct BucketProp: Sendable {
    /// The members' names in the BMD, joined by dots: `mirror.copies`.
    public let name: String
    let kind: Kind
    /// Whose buckets can have it; nil = all.
    let providers: Set<Provider>?

    init(_ name: String, _ kind: Kind, only providers: Set<Provider>? = nil) {
        self.name = name
        self.kind = kind
        self.providers = providers
    }

    enum Kind: Sendable {
        case flag
        case number(ClosedRange<Int64>)
        /// Bytes, kept as a number.
        case bytes(ClosedRange<Int64>)
        /// Bytes, kept as text with a unit (`5MiB`); 0 is left out.
        case size(ClosedRange<Int64>)
        /// Kept as Go writes it: `2h0m`.
        case duration
        case choice([String])
        /// At most so many bytes; an empty one is left out.
        case text(Int)
        /// `http://` or `https://`; an empty one is left out.
        case url
        /// A remote bucket, or none.
        case backend
    }

    /// By name.
    public static let all: [BucketProp] = [
        BucketProp("backend_bck", .backend, only: [.ais]),
        BucketProp("checksum.enable_read_range", .flag),
        BucketProp("checksum.type", .choice(ChecksumType.allCases.map(\.rawValue))),
        BucketProp("checksum.validate_cold_get", .flag),
        BucketProp("checksum.validate_obj_move", .flag),
        BucketProp("checksum.validate_warm_get", .flag),
        BucketProp("ec.bundle_multiplier", .number(0...16)),
        BucketProp("ec.burst_buffer", .number(0...65_536)),
        BucketProp("ec.compression", .choice(["never", "always"])),
        BucketProp("ec.data_slices", .number(1...32)),
        BucketProp("ec.disk_only", .flag),
        BucketProp("ec.enabled", .flag),
        BucketProp("ec.objsize_limit", .bytes(-1...(1 << 50))),
        BucketProp("ec.parity_slices", .number(1...32)),
        BucketProp("extra.aws.cloud_region", .text(64), only: [.aws]),
        BucketProp("extra.aws.endpoint", .url, only: [.aws]),
        BucketProp("extra.aws.max_pagesize", .number(0...10_000), only: [.aws]),
        BucketProp("extra.aws.multipart_size", .size((5 << 20)...(5 << 30)), only: [.aws]),
        BucketProp("extra.aws.profile", .text(256), only: [.aws]),
        BucketProp("extra.gcp.application_creds", .text(4_095), only: [.gcp]),
        BucketProp("extra.http.original_url", .url, only: [.ht]),
        BucketProp("extra.oci.region", .text(64), only: [.oci]),
        BucketProp("lru.batch_size", .number(0...1_048_576)),
        BucketProp("lru.capacity_upd_time", .duration),
        BucketProp("lru.dont_evict_time", .duration),
        BucketProp("lru.enabled", .flag),
        BucketProp("mirror.burst_buffer", .number(0...65_536)),
        BucketProp("mirror.copies", .number(2...32)),
        BucketProp("mirror.enabled", .flag),
        BucketProp("versioning.enabled", .flag),
        BucketProp("versioning.synchronize", .flag),
        BucketProp("versioning.validate_warm_get", .flag),
    ]

    static func named(_ name: String) throws(StoreError) -> BucketProp {
        let wanted = name.lowercased()
        if let found = all.first(where: { $0.name == wanted }) { return found }
        let known = all.map(\.name).joined(separator: ", ")
        throw StoreError(
            .usage, path: "", message: "unknown property \(NameError.printable(name)); known are \(known)")
    }
}
