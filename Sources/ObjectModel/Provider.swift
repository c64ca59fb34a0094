/// Who keeps a bucket's objects. Raw values are AIStore's canonical names, as in the BMD and on disk (`@aws`).
public enum Provider: String, Sendable, Hashable, CaseIterable, Comparable {
    case ais, aws, gcp, azure, oci, ht

    /// The scheme that AIStore prints: `s3` for `aws`, `gs`, `az`, `oc`; `ais` and `ht` as they are.
    public var scheme: String {
        switch self {
        case .ais: "ais"
        case .aws: "s3"
        case .gcp: "gs"
        case .azure: "az"
        case .oci: "oc"
        case .ht: "ht"
        }
    }

    /// Takes either spelling: `s3` or `aws`, `gs` or `gcp`, …
    public init?(scheme: some StringProtocol) {
        guard let found = Self.allCases.first(where: { $0.scheme == scheme || $0.rawValue == scheme }) else {
            return nil
        }
        self = found
    }

    public static func < (a: Provider, b: Provider) -> Bool { a.rawValue < b.rawValue }
}
