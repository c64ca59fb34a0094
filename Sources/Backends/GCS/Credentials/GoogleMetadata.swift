/// The metadata server of machines at Google.
enum GoogleMetadata {
    /// Where it is said to be: `GCE_METADATA_HOST`. nil = where it always is, if this machine is Google's.
    static func namedHost(_ environment: CloudEnvironment) -> String? {
        environment.variable("GCE_METADATA_HOST") ?? environment.variable("GCE_METADATA_IP")
    }

    /// One try, soon given up; nil when nobody answers, or somebody else than Google.
    static func ask(
        _ request: HTTPRequest, _ environment: CloudEnvironment
    ) -> (head: HTTPResponseHead, body: [UInt8])? {
        guard let answer = try? environment.makeMetadataLane().perform(request, bodyLimit: 1 << 20),
            answer.head.headers["Metadata-Flavor"] == "Google"
        else { return nil }
        return answer
    }

    /// Whether the machine is one of Google's, and has a service account.
    static func hasIdentity(_ host: String, _ environment: CloudEnvironment) -> Bool {
        let request = GoogleTokenRequests.metadata(host, "instance/service-accounts/default/email")
        return ask(request, environment)?.head.status == 200
    }

    static func project(_ host: String, _ environment: CloudEnvironment) -> String? {
        guard let (head, body) = ask(GoogleTokenRequests.metadata(host, "project/project-id"), environment),
            head.status == 200, body.count < 100
        else { return nil }
        return String(validating: body, as: UTF8.self)
    }
}
