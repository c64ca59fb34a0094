import Planner

/// The first line of a report: which store the run worked on, and what its sources were. Keys as in docs/report.md.
public struct ReportHeader: Sendable, Hashable, Codable {
    public static let formatVersion = 1

    /// A source as it was understood, without anything secret.
    public struct Source: Sendable, Hashable, Codable {
        /// As messages name it: without userinfo and query.
        public var source: String
        /// `--to`.
        public var to: String?
        /// The bucket at a provider, as written.
        public var bucket: String?
        public var endpoint: String?
        public var region: String?
        public var profile: String?
        /// Asked for without credentials.
        public var anonymous: Bool?

        public init(_ source: Planner.Source) {
            self.source = source.spec.shown
            to = source.spec.to
            guard let address = source.bucketSource?.address else { return }
            bucket = address.bucket.cname
            (region, profile) = (address.region, address.profile)
            // A login in it is refused later; it does not get here before that.
            endpoint = address.endpoint.flatMap { $0.contains { "@?".contains($0) } ? nil : $0 }
            anonymous = address.isAnonymous ? true : nil
        }
    }

    public var version = ReportHeader.formatVersion
    /// UUID of the store's BMD.
    public var store: String?
    public var sources: [Source] = []

    public init(store: String? = nil, sources: [Planner.Source] = []) {
        self.store = store
        self.sources = sources.map { Source($0) }
    }
}
