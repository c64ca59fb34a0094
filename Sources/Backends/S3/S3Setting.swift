import ObjectModel

/// Endpoint, region and credentials for one address, as flags, variables and files say.
struct S3Setting {
    let bucket: Bucket
    /// Nil = AWS itself.
    let endpoint: String?
    var region: String {
        didSet { authorizer = Self.authorizer(source, region, environment) }
    }
    private(set) var authorizer: AWSAuthorizer?
    private let source: AWSCredentialSource?
    private let environment: CloudEnvironment

    init(_ address: BucketAddress, _ environment: CloudEnvironment) throws(BackendError) {
        let config = try AWSConfig(environment)
        let profile = config.profiles[AWSConfig.profileName(address, environment)] ?? [:]
        let given =
            address.endpoint ?? environment.variable("AWS_ENDPOINT_URL_S3") ?? environment.variable("AWS_ENDPOINT_URL")
            ?? profile["endpoint_url"]
        if let given { endpoint = try S3URL.endpoint(given) } else { endpoint = nil }
        region =
            address.region ?? environment.variable("AWS_REGION") ?? environment.variable("AWS_DEFAULT_REGION")
            ?? profile["region"] ?? "us-east-1"
        guard S3Error.isRegion(region) else {
            throw BackendError(.usage, address.bucket.cname, "no region's name: letters, digits and dashes only")
        }
        bucket = address.bucket
        self.environment = environment
        source = try AWSCredentialChain(environment, config, region: region).find(address)
        authorizer = Self.authorizer(source, region, environment)
    }

    /// For sentences.
    var place: String { endpoint ?? "AWS S3 in \(region)" }

    func backend() -> S3Backend {
        S3Backend(
            bucket, urls: S3URL(bucket.name, endpoint: endpoint, region: region), authorizer: authorizer)
    }

    private static func authorizer(
        _ source: AWSCredentialSource?, _ region: String, _ environment: CloudEnvironment
    ) -> AWSAuthorizer? {
        let scope = SigV4.Scope(region: region)
        switch source {
        case nil: return nil
        case .fixed(let credentials): return AWSAuthorizer(credentials, scope, now: environment.now)
        case .some(let source):
            let fetcher = AWSCredentialFetcher(environment: environment)
            return AWSAuthorizer(scope, now: environment.now) { () throws(BackendError) in try fetcher.fetch(source) }
        }
    }
}
