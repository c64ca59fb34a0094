/// What flags, variables and the profile of `~/.oci/config` say, put together; nothing is read beyond these yet.
///
/// A profile that was asked for by `--profile` goes before variables, which fill its gaps; otherwise variables go first,
/// value by value, as on an AIS node. Beside the node's names (`OCI_TENANCY_OCID` …) those of Oracle's command line count
/// (`OCI_CLI_TENANCY` …).
struct OCISettings {
    var tenancy: String?
    var user: String?
    var fingerprint: String?
    var region: String?
    var keyFile: String?
    /// PEM text.
    var keyText: String?
    var passphrase: String?
    /// Of a session (`oci session authenticate`).
    var tokenFile: String?
    /// The profile's name; nil when no file was read.
    var profile: String?

    /// Whether anything here could sign a request.
    var hasKey: Bool { keyFile != nil || keyText != nil }

    /// Reads the configuration file. Throws `.credentials` when a file or profile that was asked for is not there.
    init(_ address: BucketAddress, in environment: CloudEnvironment) throws(BackendError) {
        let file = try Self.profile(address, environment)
        profile = file?.name
        let values = file?.values ?? [:]
        let fileFirst = address.profile != nil
        func value(_ key: String, _ names: String...) -> String? {
            let variable = names.lazy.compactMap { environment.variable($0) }.first
            return fileFirst ? values[key] ?? variable : variable ?? values[key]
        }
        tenancy = value("tenancy", "OCI_TENANCY_OCID", "OCI_CLI_TENANCY")
        user = value("user", "OCI_USER_OCID", "OCI_CLI_USER")
        fingerprint = value("fingerprint", "OCI_FINGERPRINT", "OCI_CLI_FINGERPRINT")
        region = address.region ?? value("region", "OCI_REGION", "OCI_CLI_REGION")
        let text = value("key_content", "OCI_PRIVATE_KEY", "OCI_CLI_KEY_CONTENT")
        let path = value("key_file", "OCI_CLI_KEY_FILE")
        let textFromVariable = ["OCI_PRIVATE_KEY", "OCI_CLI_KEY_CONTENT"].contains { environment.variable($0) != nil }
        // A variable's key goes before a profile's file, and the other way round where the profile was asked for.
        let isText = text != nil && (path == nil || (textFromVariable && !(fileFirst && values["key_file"] != nil)))
        keyText = isText ? text : nil
        keyFile = isText ? nil : path.map { Self.expand($0, environment.home) }
        passphrase = value("pass_phrase", "OCI_CLI_PASSPHRASE")
        let ownUser = !fileFirst && (textFromVariable || environment.variable("OCI_USER_OCID") != nil)
        let token = ownUser ? nil : value("security_token_file", "OCI_CLI_SECURITY_TOKEN_FILE")
        tokenFile = token.map { Self.expand($0, environment.home) }
    }

    private static func profile(
        _ address: BucketAddress, _ environment: CloudEnvironment
    ) throws(BackendError) -> (name: String, values: [String: String])? {
        let asked = environment.variable("OCI_CLI_CONFIG_FILE") ?? environment.variable("OCI_CONFIG_FILE")
        let path = expand(asked ?? "~/.oci/config", environment.home)
        let name = address.profile ?? environment.variable("OCI_CLI_PROFILE")
        guard asked != nil || SecretFile.mode(of: path) != nil else {
            guard let name else { return nil }
            throw BackendError(.credentials, path, "there is no such file, and profile \(name) was asked for")
        }
        let text: String
        do throws(CredentialError) {
            text = try SecretFile.text(path, what: "the OCI configuration file")
        } catch {
            throw BackendError(.credentials, path, error.description)
        }
        let file = OCIConfigFile(text)
        if let values = file.profile(name ?? "DEFAULT") { return (name ?? "DEFAULT", values) }
        guard let name else { return nil }
        let known = file.profiles.joined(separator: ", ")
        throw BackendError(.credentials, path, "it has no profile \(name), only: \(known.isEmpty ? "none" : known)")
    }

    private static func expand(_ path: String, _ home: String) -> String {
        path == "~" || path.hasPrefix("~/") ? home + path.dropFirst() : path
    }
}
