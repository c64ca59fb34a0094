/// Keys for AWS and whoever signs like it. Prints as its access key's source alone.
public struct AWSCredentials: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    public var accessKey: String
    public var secretKey: String
    public var sessionToken: String?
    /// Seconds since 1970; nil = they do not expire.
    public var expires: Double?

    public init(accessKey: String, secretKey: String, sessionToken: String? = nil, expires: Double? = nil) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
        self.expires = expires
    }

    public var description: String { "AWS credentials" }
    public var debugDescription: String { description }
}
