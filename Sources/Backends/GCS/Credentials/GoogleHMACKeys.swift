/// HMAC keys of a service account or a user. They sign as AWS's keys do, and only for the XML API.
/// Names: boto's, which gsutil reads too (https://cloud.google.com/storage/docs/boto-gsutil).
enum GoogleHMACKeys {
    /// `GS_ACCESS_KEY_ID` and `GS_SECRET_ACCESS_KEY`; else `gs_access_key_id` and `gs_secret_access_key` in `[Credentials]`
    /// of `BOTO_CONFIG`, else of `~/.boto`. nil when neither half is there; throws `.credentials` for one without the other.
    static func find(_ environment: CloudEnvironment) throws(BackendError) -> AWSCredentials? {
        if let keys = try ofVariables(environment) { return keys }
        return try ofFile(environment)
    }

    static func ofVariables(_ environment: CloudEnvironment) throws(BackendError) -> AWSCredentials? {
        try pair(
            environment.variable("GS_ACCESS_KEY_ID"), environment.variable("GS_SECRET_ACCESS_KEY"),
            "GS_ACCESS_KEY_ID", "GS_SECRET_ACCESS_KEY")
    }

    private static func ofFile(_ environment: CloudEnvironment) throws(BackendError) -> AWSCredentials? {
        let named = environment.variable("BOTO_CONFIG")
        let path = named ?? "\(environment.home)/.boto"
        guard named != nil || SecretFile.mode(of: path) != nil else { return nil }
        let text: String
        do throws(CredentialError) {
            text = try SecretFile.text(path, what: "boto's file")
        } catch {
            throw BackendError(.credentials, path, error.description)
        }
        let values = INIFile(text).sections["Credentials"] ?? [:]
        func value(_ key: String) -> String? { values[key].flatMap { $0.isEmpty ? nil : $0 } }
        return try pair(
            value("gs_access_key_id"), value("gs_secret_access_key"), "\(path): gs_access_key_id",
            "\(path): gs_secret_access_key")
    }

    private static func pair(
        _ access: String?, _ secret: String?, _ accessName: String, _ secretName: String
    ) throws(BackendError) -> AWSCredentials? {
        switch (access, secret) {
        case (let access?, let secret?): return AWSCredentials(accessKey: access, secretKey: secret)
        case (nil, nil): return nil
        case (nil, _): throw BackendError(.credentials, accessName, "it is missing beside the secret")
        case (_, nil): throw BackendError(.credentials, secretName, "it is missing beside the access key")
        }
    }
}
