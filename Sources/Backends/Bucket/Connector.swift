import ObjectModel

/// Finds the provider that an address belongs to; the one place that knows them all.
public enum Connector {
    /// The bucket, ready for use: see `CloudProvider.connect`.
    public static func connect(
        _ address: BucketAddress, in environment: CloudEnvironment, lookup: Bool
    ) throws(BackendError) -> ConnectedBucket {
        try provider(of: address).connect(address, in: environment, lookup: lookup)
    }

    /// The buckets that the credentials can see: see `CloudProvider.buckets`.
    public static func buckets(
        _ address: BucketAddress, in environment: CloudEnvironment
    ) throws(BackendError) -> [Bucket] {
        try provider(of: address).buckets(address, in: environment)
    }

    private static func provider(of address: BucketAddress) throws(BackendError) -> any CloudProvider.Type {
        let bucket = address.bucket
        guard let provider = provider(of: bucket.namespace.isRemote ? .ais : bucket.provider) else {
            let scheme = bucket.provider.scheme
            throw BackendError(.usage, "\(scheme)://", "this build has no backend for \(scheme)://")
        }
        return provider
    }

    private static func provider(of provider: Provider) -> (any CloudProvider.Type)? {
        switch provider {
        case .aws: S3Provider.self
        case .gcp: GCSProvider.self
        case .azure: AzureProvider.self
        case .oci: OCIProvider.self
        case .ais: AISProvider.self
        case .ht: nil
        }
    }
}
