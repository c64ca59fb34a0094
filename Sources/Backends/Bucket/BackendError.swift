/// Why a provider cannot be used as asked; one sentence that names the thing and the remedy, without secrets.
public struct BackendError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// A flag, a variable or a file says something impossible: exit code 2.
        case usage
        /// No credentials, or ones that are broken or expired: exit code 5.
        case credentials
        /// The provider refuses, or has no such bucket: exit code 5.
        case refused, noBucket
        /// The provider could not be asked, retries included: exit code 1.
        case unreachable
        /// A listing that breaks, does not advance or is out of order: exit code 10.
        case incompleteListing
        /// The run was stopped meanwhile.
        case cancelled
    }

    public let kind: Kind
    /// What was asked: `s3://data`, a host, a file.
    public let subject: String
    public let message: String

    public init(_ kind: Kind, _ subject: String, _ message: String) {
        self.kind = kind
        self.subject = subject
        self.message = message
    }

    public var description: String { "\(subject): \(message)" }
}
