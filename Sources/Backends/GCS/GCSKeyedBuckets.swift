import ObjectModel

/// Buckets of Google Cloud Storage that are reached with HMAC keys.
struct GCSKeyedBuckets {
    /// Google takes any region in a signature; this is the one that it names.
    static let region = "auto"

    private let endpoint: String
    private let authorizer: AWSAuthorizer
    private let environment: CloudEnvironment

    init(_ endpoint: GCSEndpoint, _ keys: AWSCredentials, _ environment: CloudEnvironment) {
        self.endpoint = endpoint.base
        self.environment = environment
        authorizer = AWSAuthorizer(keys, SigV4.Scope(region: Self.region), now: environment.now)
    }

    func connect(_ address: BucketAddress, lookup: Bool) throws(BackendError) -> ConnectedBucket {
        let backend = GCSXMLBackend(address.bucket, endpoint: endpoint, authorizer: authorizer)
        guard lookup else { return ConnectedBucket(backend: backend, facts: nil) }
        let subject = address.bucket.cname
        switch try S3Provider.lookUp(backend.s3, in: Self.region, environment.makeLane(), subject) {
        case .found: return ConnectedBucket(backend: backend, facts: BucketFacts(isVersioned: true))
        case .missing: throw BackendError(.noBucket, subject, "there is no such bucket")
        case .refused(let words): throw BackendError(.refused, subject, "\(words); \(Self.remedy)")
        case .retryable(let status): throw BackendError(.unreachable, subject, "the server answers \(status)")
        case .failed(let words): throw BackendError(.unreachable, subject, "the server \(words)")
        case .elsewhere(let region): throw BackendError(.refused, subject, "the bucket is in region \(region)")
        }
    }

    /// In UTF-8 order.
    /// - Parameter project: nil = the project that the keys belong to.
    func all(ofProject project: String?) throws(BackendError) -> [Bucket] {
        let headers = project.map { [HTTPHeader("x-amz-project-id", $0)] } ?? []
        let request = S3Backend.staying(HTTPRequest(url: "\(endpoint)/", headers: headers))
        let (head, body) = try environment.makeLane().ask(
            request, authorizer, subject: endpoint, bodyLimit: 64 << 20)
        guard head.status == 200 else {
            let code = S3Error(body).map { " \($0.code)" } ?? ""
            throw BackendError(
                .refused, endpoint, "its buckets cannot be listed: it answers \(head.status)\(code); \(Self.remedy)")
        }
        do throws(XMLError) {
            return try S3Provider.names(body).names.compactMap { try? Bucket(provider: .gcp, name: $0) }.sorted()
        } catch {
            throw BackendError(.incompleteListing, endpoint, "the list of buckets cannot be read: \(error)")
        }
    }

    private static let remedy = "check the HMAC key (GS_ACCESS_KEY_ID or ~/.boto) and the rights of its account"
}
