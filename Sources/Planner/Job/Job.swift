import ObjectModel

/// A job as understood: what one file asks for, every value checked. What is nil was left out; the defaults are those of
/// the flags (`RunOptions`), and a flag counts more than the file.
@dynamicMemberLookup
public struct Job: Sendable {
    /// As it was named on the command line.
    public let file: String
    public let settings: Settings
    /// What is fetched, in order.
    public var sources: [Source]
    /// Whether `plan` asks for the sizes of its ranges.
    public let asksSizes: Bool

    public subscript<Value>(dynamicMember path: KeyPath<Settings, Value>) -> Value { settings[keyPath: path] }

    /// Everything but the sources.
    public struct Settings: Sendable {
        /// `job`: letters, digits, `.`, `_` and `-`.
        public var name = ""
        public var store: JobText?
        public var latest: Bool?
        public var skipLookup: Bool?
        public var verify = Verify()
        public var transfer = Transfer()
        public var sync = Sync()
        public var durable: Bool?
        public var onLocked: OnLocked?
        public var report = Report()
        public var metrics: JobText?
        public var lock: JobText?
        public var summary: JobText?
        public var junit: JobText?
        public var network = Network()
        public var cluster = Cluster()

        public init() {}
    }
}

extension Job {
    public enum TarCheck: String, Sendable, CaseIterable { case off, framing, webdataset, auto }
    public enum DigestMismatch: String, Sendable, CaseIterable { case fail, log }
    public enum DigestRule: String, Sendable, CaseIterable {
        case ifPresent = "if-present"
        case required
    }
    public enum SidecarKind: String, Sendable, CaseIterable { case sha256, sha512, sha1, md5 }
    public enum OnLocked: String, Sendable, CaseIterable { case skip, wait, fail }

    /// How what comes is checked.
    public struct Verify: Sendable {
        public var tar: TarCheck?
        public var digest: DigestRule?
        public var mismatch: DigestMismatch?
        public var sidecar: SidecarKind?
    }

    /// How much moves, how fast, how long and when. Seconds, bytes a second.
    public struct Transfer: Sendable {
        public var lanes: Int?
        public var limitRate: Int64?
        public var limitRequests: Double?
        public var retries: Int?
        public var timeout: Double?
        public var stallTimeout: Double?
        public var deadline: Double?
        public var jitter: Double?
        public var window: DailyWindow?
    }

    /// What `sync` may evict.
    public struct Sync: Sendable {
        public var delete: Bool?
        /// A share of the candidates, from 0 to 1.
        public var maxDelete: Double?
    }

    /// The report's file, `{job}` and `{time}` not filled in yet, and how many of its kind are kept.
    public struct Report: Sendable {
        public var file: JobText?
        public var keep: Int?
    }

    /// How servers are reached.
    public struct Network: Sendable {
        public var proxy: JobText?
        public var noProxy: [JobText]?
        public var caFile: JobText?
        public var certificateFile: JobText?
        public var keyFile: JobText?
        public var insecureHosts: [JobText]?
        public var netrcFile: JobText?
    }

    /// The cluster that the store's node belongs to.
    public struct Cluster: Sendable {
        public var url: JobText?
        public var nodeID: JobText?
        public var bmd: JobText?
        public var isDown: Bool?
    }
}
