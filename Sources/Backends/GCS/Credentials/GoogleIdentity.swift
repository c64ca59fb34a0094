import Foundation

/// What was found about who we are, in Google's own order.
struct GoogleIdentity: Sendable {
    var credentials: GoogleCredentials
    /// What errors name.
    var subject: String
    /// Where the buckets are that are ours.
    var project: String?
    /// Who pays for requests.
    var quotaProject: String?
    /// nil = `googleapis.com`.
    var universe: String?
    /// HMAC keys, which sign for the XML API: where nothing that comes before them is there.
    var keys: AWSCredentials?

    init(_ credentials: GoogleCredentials, subject: String) {
        self.credentials = credentials
        self.subject = subject
    }

    var isNobody: Bool {
        if case .anonymous = credentials { true } else { false }
    }

    /// `--no-sign-request`; `GOOGLE_APPLICATION_CREDENTIALS`; gcloud's application default credentials; the metadata
    /// server; HMAC keys; nobody. Reads files, asks no server: whether there is a metadata server shows at the first request.
    /// An emulator gets only what was named for it, never a person's login.
    static func find(
        _ environment: CloudEnvironment, isAnonymous: Bool, isEmulator: Bool
    ) throws(BackendError) -> GoogleIdentity {
        var identity = try search(environment, isAnonymous: isAnonymous, isEmulator: isEmulator)
        if let project = environment.variable("GOOGLE_CLOUD_PROJECT") ?? environment.variable("GCLOUD_PROJECT") {
            identity.project = project
        }
        if let project = environment.variable("GOOGLE_CLOUD_QUOTA_PROJECT") { identity.quotaProject = project }
        if identity.universe == "googleapis.com" { identity.universe = nil }
        return identity
    }

    private static func search(
        _ environment: CloudEnvironment, isAnonymous: Bool, isEmulator: Bool
    ) throws(BackendError) -> GoogleIdentity {
        let nobody = GoogleIdentity(.anonymous, subject: "no Google credentials")
        if isAnonymous { return nobody }
        if let path = environment.variable("GOOGLE_APPLICATION_CREDENTIALS") {
            return try read(path, "GOOGLE_APPLICATION_CREDENTIALS")
        }
        let named = GoogleMetadata.namedHost(environment)
        if isEmulator {
            if let named { return GoogleIdentity(.metadata(host: named, isCertain: true), subject: named) }
            return try nobody.or(GoogleHMACKeys.ofVariables(environment))
        }
        let path = defaultPath(environment)
        if SecretFile.mode(of: path) != nil { return try read(path, "gcloud's file") }
        if let named { return GoogleIdentity(.metadata(host: named, isCertain: true), subject: named) }
        let keys = try GoogleHMACKeys.find(environment)
        guard environment.variable("NO_GCE_CHECK")?.lowercased() != "true" else { return nobody.or(keys) }
        let host = GoogleCredentials.metadataHost
        return GoogleIdentity(.metadata(host: host, isCertain: false), subject: host).or(keys)
    }

    private func or(_ keys: AWSCredentials?) -> GoogleIdentity {
        var identity = self
        identity.keys = keys
        return identity
    }

    static func defaultPath(_ environment: CloudEnvironment) -> String {
        let folder = environment.variable("CLOUDSDK_CONFIG") ?? "\(environment.home)/.config/gcloud"
        return "\(folder)/application_default_credentials.json"
    }

    private static func read(_ path: String, _ what: String) throws(BackendError) -> GoogleIdentity {
        let text: String
        do throws(CredentialError) {
            text = try SecretFile.text(path, what: what)
        } catch {
            throw BackendError(.credentials, path, error.description)
        }
        let file = try GoogleCredentialsFile.parse(text, path: path)
        var identity = GoogleIdentity(try file.credentials(path: path), subject: path)
        identity.project = file.projectId
        identity.quotaProject = file.quotaProjectId
        identity.universe = file.universeDomain
        return identity
    }
}
