import ObjectModel

/// Oracle's Object Storage (`oc://`).
///
/// Credentials: an API key or a session's key (`OCISettings` says where from), else the machine's own (`OCIInstance`).
public enum OCIProvider: CloudProvider {
    public static func connect(
        _ address: BucketAddress, in environment: CloudEnvironment, lookup: Bool
    ) throws(BackendError) -> ConnectedBucket {
        let subject = address.bucket.cname
        let account = try OCIAccount(address, in: environment, subject: subject)
        let lane = environment.makeLane()
        let backend = OCIBackend(
            address.bucket, endpoint: account.endpoint, namespace: try account.namespace(lane),
            authorizer: account.authorizer)
        guard lookup else { return ConnectedBucket(backend: backend, facts: nil) }
        let (head, body) = try lane.ask(
            backend.bucketRequest(), account.authorizer, subject: subject, bodyLimit: 64 << 10)
        let missing = "there is no such bucket in namespace \(backend.namespace), or these credentials may not see it"
        let answer = backend.bucketAnswer(head, body: body)
        let facts = try answer.facts(of: subject, missing: missing) { reason throws(BackendError) in
            throw BackendError(.refused, subject, reason)
        }
        return ConnectedBucket(backend: backend, facts: facts)
    }

    /// The buckets of the compartment: `OCI_COMPARTMENT_OCID`, else the tenancy's root.
    public static func buckets(
        _ address: BucketAddress, in environment: CloudEnvironment
    ) throws(BackendError) -> [Bucket] {
        let account = try OCIAccount(address, in: environment, subject: "oc:")
        guard let compartment = environment.variable("OCI_COMPARTMENT_OCID") ?? account.tenancy else {
            throw BackendError(.usage, "oc:", "set OCI_COMPARTMENT_OCID: buckets are listed by compartment")
        }
        let lane = environment.makeLane()
        let path = "\(account.endpoint)/n/\(OCIBackend.escaped(try account.namespace(lane)))/b"
        var names: Set<String> = []
        var next: String?
        repeat {
            var url = "\(path)?compartmentId=\(OCIBackend.escaped(compartment))&limit=1000"
            if let next { url += "&page=\(OCIBackend.escaped(next))" }
            let (head, rows) = try account.ask(url, lane)
            let before = names.count
            for row in rows.array ?? [] { if let name = row["name"]?.string { names.insert(name) } }
            next = head.headers["opc-next-page"].flatMap { $0.isEmpty ? nil : $0 }
            guard next == nil || names.count > before else {
                throw BackendError(.incompleteListing, "oc:", "the list of buckets does not advance")
            }
        } while next != nil
        return names.sorted { NameOrder.precedes($0, $1) }.compactMap { try? Bucket(provider: .oci, name: $0) }
    }
}
