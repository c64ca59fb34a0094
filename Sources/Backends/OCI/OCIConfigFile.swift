/// `~/.oci/config`: an INI file of profiles (`[NAME]`, `key=value`), as the OCI SDKs and the command line read it.
struct OCIConfigFile {
    private let sections: [String: [String: String]]

    init(_ text: String) { sections = INIFile(text).sections }

    /// Names of its profiles, in UTF-8 order.
    var profiles: [String] { sections.keys.sorted { NameOrder.precedes($0, $1) } }

    /// A profile's values; nil when there is none of that name. What it lacks comes from `DEFAULT`, as the command line
    /// has it; but a profile with a key of its own takes nothing that belongs to another key.
    func profile(_ name: String) -> [String: String]? {
        guard let own = sections[name] else { return nil }
        var shared = sections["DEFAULT"] ?? [:]
        if own["key_file"] != nil || own["key_content"] != nil {
            for key in ["key_file", "key_content", "pass_phrase", "fingerprint", "security_token_file"] {
                shared[key] = nil
            }
        }
        return shared.merging(own) { $1 }.filter { !$0.value.isEmpty }
    }
}
