/// `~/.aws/config` and `~/.aws/credentials` together, by profile; the credentials file wins where both say something.
/// Source: AWS SDKs reference guide, "Shared config and credentials files".
struct AWSConfig: Sendable {
    private(set) var profiles: [String: [String: String]] = [:]
    private(set) var sessions: [String: [String: String]] = [:]

    /// Files that do not exist count as empty.
    init(_ environment: CloudEnvironment) throws(BackendError) {
        let folder = "\(environment.home)/.aws"
        try read(Self.path("AWS_CONFIG_FILE", "\(folder)/config", environment), isConfig: true)
        try read(Self.path("AWS_SHARED_CREDENTIALS_FILE", "\(folder)/credentials", environment), isConfig: false)
    }

    init(config: String, credentials: String) {
        take(config, isConfig: true)
        take(credentials, isConfig: false)
    }

    /// The profile to use: the flag, `AWS_PROFILE`, `AWS_DEFAULT_PROFILE`, `default`.
    static func profileName(_ address: BucketAddress, _ environment: CloudEnvironment) -> String {
        address.profile ?? environment.variable("AWS_PROFILE") ?? environment.variable("AWS_DEFAULT_PROFILE")
            ?? "default"
    }

    private static func path(_ variable: String, _ usual: String, _ environment: CloudEnvironment) -> String {
        guard let path = environment.variable(variable) else { return usual }
        return path.hasPrefix("~/") ? environment.home + path.dropFirst() : path
    }

    private mutating func read(_ path: String, isConfig: Bool) throws(BackendError) {
        guard SecretFile.mode(of: path) != nil else { return }
        let text: String
        do throws(CredentialError) {
            text = try SecretFile.text(path, what: "AWS's file")
        } catch {
            throw BackendError(.credentials, path, error.description)
        }
        take(text, isConfig: isConfig)
    }

    private mutating func take(_ text: String, isConfig: Bool) {
        var section: (kind: String, name: String)?
        for raw in text.split(whereSeparator: \.isNewline) {
            let line = FieldText.trimmed(raw)
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), let end = line.firstIndex(of: "]") {
                section = Self.section(line[line.index(after: line.startIndex)..<end], isConfig: isConfig)
                continue
            }
            // Indented lines belong to the setting before them ("s3 =").
            guard raw.first != " ", raw.first != "\t", let section, let mark = line.firstIndex(of: "=") else {
                continue
            }
            let key = FieldText.trimmed(line[..<mark]).lowercased()
            let value = FieldText.trimmed(line[line.index(after: mark)...])
            if section.kind == "profile" { profiles[section.name, default: [:]][key] = value }
            if section.kind == "sso-session" { sessions[section.name, default: [:]][key] = value }
        }
    }

    /// `[default]`, `[profile NAME]` and `[sso-session NAME]` in the config file, `[NAME]` in the other.
    private static func section(_ title: Substring, isConfig: Bool) -> (kind: String, name: String)? {
        let title = FieldText.trimmed(title)
        guard isConfig, title != "default" else { return ("profile", title) }
        let words = title.split(separator: " ", maxSplits: 1).map { FieldText.trimmed($0) }
        guard words.count == 2 else { return nil }
        return (words[0], words[1].replacing("\"", with: ""))
    }
}
