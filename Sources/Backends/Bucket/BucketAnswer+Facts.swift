extension BucketAnswer {
    /// The facts of a bucket that is there.
    /// - Parameters:
    ///   - noun: what the provider calls a bucket.
    ///   - missing: what is said when there is none.
    ///   - refused: what a refusal means: to whom may not read the bucket's own properties it may be open nevertheless.
    func facts(
        of subject: String, noun: String = "bucket", missing: String,
        refused: (String) throws(BackendError) -> BucketFacts
    ) throws(BackendError) -> BucketFacts {
        switch self {
        case .found(let facts): return facts
        case .refused(let reason): return try refused(reason)
        case .missing: throw BackendError(.noBucket, subject, missing)
        case .retryable(let status): throw BackendError(.unreachable, subject, "the server answers \(status)")
        case .failed(let reason): throw BackendError(.refused, subject, reason)
        case .elsewhere(let region): throw BackendError(.refused, subject, "the \(noun) is in region \(region)")
        }
    }
}
