import Hashing

/// Who we are to Google: what a file, the machine or nothing at all says. Holds secrets; never shown.
indirect enum GoogleCredentials: Sendable {
    /// A key of a service account: signs its own requests for tokens.
    case serviceAccount(ServiceAccount)
    /// What `gcloud auth application-default login` leaves.
    case user(AuthorizedUser)
    /// Workload identity federation: another party's token is exchanged.
    case external(ExternalAccount)
    /// Tokens of another service account, asked for as `source`.
    case impersonated(source: GoogleCredentials, url: String, delegates: [String])
    /// The metadata server at `host`. Not `isCertain`: where there is none, anonymous.
    case metadata(host: String, isCertain: Bool)
    case anonymous

    struct ServiceAccount: Sendable {
        var email: String
        var keyID: String?
        var key: RSAKey
        var tokenURL: String
    }

    struct AuthorizedUser: Sendable {
        var clientID: String
        var clientSecret: String
        var refreshToken: String
        var tokenURL: String
    }

    struct ExternalAccount: Sendable {
        enum Source: Sendable {
            case file(String)
            case url(String, headers: [HTTPHeader])
        }

        var audience: String
        var subjectTokenType: String
        var tokenURL: String
        var source: Source
        /// The field of a JSON text that holds the token; nil = the text is the token.
        var tokenField: String?
        /// Also asked for a service account's token with the exchanged one.
        var impersonationURL: String?
        var clientID: String?
        var clientSecret: String?
        var workforceProject: String?
    }

    static let tokenURL = "https://oauth2.googleapis.com/token"
    static let metadataHost = "169.254.169.254"

    /// Reading objects, lists and buckets, no more.
    static let scope = "https://www.googleapis.com/auth/devstorage.read_only"
    /// What impersonation needs of the first token.
    static let broadScope = "https://www.googleapis.com/auth/cloud-platform"

    /// What to do when Google refuses them.
    var remedy: String {
        switch self {
        case .serviceAccount: "check that the service account and this key of it still exist"
        case .user: "run 'gcloud auth application-default login' again"
        case .external: "check the identity provider's token and the audience"
        case .impersonated: "check the role Service Account Token Creator"
        case .metadata: "check the machine's service account and its access scopes"
        case .anonymous: "set GOOGLE_APPLICATION_CREDENTIALS"
        }
    }
}
