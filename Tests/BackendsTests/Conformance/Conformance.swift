// The suite that every provider's backend must pass against a real server. To join it:
//
// 1. Fill a bucket of the test server with `ConformanceObjects.all`. What the server cannot hold is left
//    out there *and* in the subject's `objects` (`ConformanceObjects.without([…])`), with a comment that says why.
// 2. Describe it, and call the one function:
//
//        @Test func conformance() throws {
//            var subject = ConformanceSubject(
//                "s3 (weed)", S3Provider.self, bucket: BucketAddress(bucket, endpoint: server.url), environment)
//            subject.missing = BucketAddress(noSuchBucket, endpoint: server.url)
//            subject.refused = (subject.bucket, environmentWithAWrongSecret)
//            subject.metadataKeys = ["source", "ETag", "md5", "LastModified", "Last-Modified"]
//            try runConformance(subject)
//        }
//
// Plain HTTP has its own way through the suite, `runHTTPConformance`, which says what HTTP has not by its nature.
import ObjectModel
import Testing

@testable import Backends

/// A provider with a server behind it, filled and ready.
struct ConformanceSubject {
    /// What failures name.
    var name: String
    var provider: any CloudProvider.Type
    var bucket: BucketAddress
    var environment: CloudEnvironment
    /// Exactly what the bucket holds.
    var objects = ConformanceObjects.all
    /// A bucket that is not there; nil leaves the check out (give a reason in the test).
    var missing: BucketAddress?
    /// Credentials that are refused.
    var refused: (BucketAddress, CloudEnvironment)?
    /// Entries a page, so that the listing takes several.
    var pageSize: Int? = 7
    /// Pages that a whole listing takes at least.
    var pagesMin = 2
    /// Custom keys of `many/000` as metadata, in writing order; nil checks only that `source` is first.
    var metadataKeys: [String]?
    /// Whether a digest of the whole object comes with an answer; false for servers that give none.
    var promisesDigests = true
    /// Whether there are conditional requests; false for servers that ignore conditions.
    var givesConditions = true
    /// Whether `buckets` shows the bucket; false where the server cannot list buckets.
    var listsBuckets = true

    init(
        _ name: String, _ provider: any CloudProvider.Type, bucket: BucketAddress, _ environment: CloudEnvironment
    ) {
        self.name = name
        self.provider = provider
        self.bucket = bucket
        self.environment = environment
    }

    func connect() throws -> any BucketBackend {
        try provider.connect(bucket, in: environment, lookup: false).backend
    }
}

/// Bucket, listing, objects: the whole suite.
func runConformance(_ subject: ConformanceSubject) throws {
    try BucketConformance(subject).run()
    try ListingConformance(subject).run()
    let backend = try subject.connect()
    var objects = ObjectSubject(subject.name, backend, subject.environment, subject.objects) { backend.url(of: $0) }
    objects.promisesDigests = subject.promisesDigests
    objects.givesConditions = subject.givesConditions
    try runObjectConformance(objects)
    try MetadataConformance(subject).run()
}

extension CloudEnvironment {
    /// For tests: no variables but these, a home that does not exist, no proxies, two quick retries.
    static func test(_ variables: [String: String] = [:], home: String = "/nonexistent") -> CloudEnvironment {
        var network = NetworkOptions()
        network.netrcFile = "/dev/null"
        network.proxy = ""
        var retry = RetryPolicy(retries: 2)
        retry.baseSeconds = 0.01
        return CloudEnvironment(variables: variables, home: home, network: network, retry: retry)
    }
}
