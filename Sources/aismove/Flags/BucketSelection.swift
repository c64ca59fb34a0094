import NodeStore
import ObjectModel

/// `BUCKET[/PREFIX]` as a user writes it, looked up in the store's BMD.
struct BucketSelection {
    let buckets: [BMDBucket]
    let prefix: String

    /// - Parameter text: nil = every bucket of the store.
    init(_ text: String?, in store: NodeStore) throws {
        let loaded = try store.loadBMD()
        for repair in loaded.repairs { Console.note(repair) }
        let all = loaded.bmd.buckets
        guard let text else {
            (buckets, prefix) = (all, "")
            return
        }
        let uri = try Self.parse(text)
        prefix = uri.object
        let namespace = uri.namespace.isRemote ? try store.attachments().resolved(uri.namespace) : nil
        guard let named = uri.bucket else {
            let wanted = namespace ?? uri.namespace
            buckets = all.filter { $0.bucket.provider == uri.provider && $0.bucket.namespace == wanted }
            return
        }
        let wanted =
            try namespace.map { try Bucket(provider: named.provider, namespace: $0, name: named.name) } ?? named
        buckets = all.filter { $0.bucket == wanted }
        if buckets.isEmpty {
            let known = all.isEmpty ? "none yet" : all.map(\.bucket.cname).joined(separator: ", ")
            throw CommandFailure(.refused, "\(wanted.cname): no such bucket in this store (buckets: \(known))")
        }
    }

    static func parse(_ text: String) throws -> ObjectURI {
        do {
            return try ObjectURI(parsing: text)
        } catch {
            throw CommandFailure(.usage, "\(text): \(error.reason); write ais://BUCKET/NAME")
        }
    }
}
