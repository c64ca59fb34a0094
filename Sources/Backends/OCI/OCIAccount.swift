import ObjectModel

/// Who we are to Oracle's cloud, and where it is: settings understood.
struct OCIAccount {
    /// Without a slash at its end.
    let endpoint: String
    let tenancy: String?
    /// Nil = requests are not signed.
    let authorizer: OCIAuthorizer?
    /// What errors name.
    let subject: String
    private let knownNamespace: String?

    /// Reads files; asks nothing, but a machine for its identity where there is no key.
    init(_ address: BucketAddress, in environment: CloudEnvironment, subject: String) throws(BackendError) {
        self.subject = subject
        let settings = try OCISettings(address, in: environment)
        knownNamespace = environment.variable("OCI_NAMESPACE")
        let machine = try Self.machine(address, settings, environment, subject)
        endpoint = try Self.endpoint(address.endpoint, settings.region ?? machine?.region, subject)
        if let machine {
            let (credentials, tenancy) = try machine.identity(subject)
            self.tenancy = tenancy
            authorizer = OCIAuthorizer(
                credentials, now: environment.now,
                reload: { () throws(BackendError) in try machine.identity(subject).credentials })
            return
        }
        tenancy = settings.tenancy
        guard !address.isAnonymous else {
            authorizer = nil
            return
        }
        let load = { @Sendable () throws(BackendError) -> OCICredentials in
            try OCICredentials(OCISettings(address, in: environment), subject: subject)
        }
        authorizer = OCIAuthorizer(
            try OCICredentials(settings, subject: subject), now: environment.now, reload: load)
    }

    /// The machine whose identity counts: the one that was asked for, or where there are no other credentials. An endpoint
    /// of the user's own gets a machine's identity only where that was named. nil = there are keys, or nobody is to sign.
    private static func machine(
        _ address: BucketAddress, _ settings: OCISettings, _ environment: CloudEnvironment, _ subject: String
    ) throws(BackendError) -> OCIInstance? {
        let isWanted = OCIInstance.isWanted(environment) && address.profile == nil
        guard !address.isAnonymous, isWanted || !settings.hasKey && settings.profile == nil else { return nil }
        let isNamed = OCIInstance.isNamed(environment)
        if isNamed || address.endpoint == nil, let machine = OCIInstance(environment, isCertain: isNamed) {
            return machine
        }
        throw BackendError(
            .credentials, subject,
            "no OCI credentials: neither ~/.oci/config (oci setup config) nor OCI_TENANCY_OCID, OCI_USER_OCID,"
                + " OCI_FINGERPRINT and OCI_PRIVATE_KEY are there, and no metadata service of Oracle's answers")
    }

    /// `OCI_NAMESPACE`, else what the service says of the tenancy.
    func namespace(_ lane: PatientLane) throws(BackendError) -> String {
        if let knownNamespace { return knownNamespace }
        guard authorizer != nil else {
            throw BackendError(.usage, subject, "set OCI_NAMESPACE: without credentials it cannot be looked up")
        }
        let (_, answer) = try ask("\(endpoint)/n/", lane)
        guard let name = answer.string, !name.isEmpty else {
            throw BackendError(
                .unreachable, subject, "the service does not tell the tenancy's namespace; set OCI_NAMESPACE")
        }
        return name
    }

    /// A GET that must be answered with 200 and JSON.
    func ask(_ url: String, _ lane: PatientLane) throws(BackendError) -> (HTTPResponseHead, JSONValue) {
        let (head, body) = try lane.ask(HTTPRequest(url: url), authorizer, subject: subject, bodyLimit: 8 << 20)
        guard head.status != 200 else {
            guard let document = try? JSONValue.parse(body) else {
                throw BackendError(
                    .unreachable, subject, "\(URLText.redacted(url)) is not answered with JSON; check --endpoint")
            }
            return (head, document)
        }
        let text = OCIError(body)?.text ?? "unexpected answer"
        switch head.status {
        case 401: throw BackendError(.refused, subject, "401: \(OCIBackend.unauthenticated)")
        case 400..<500 where head.status != 429: throw BackendError(.refused, subject, "\(head.status) \(text)")
        default: throw BackendError(.unreachable, subject, "\(head.status) \(text)")
        }
    }

    private static func endpoint(
        _ given: String?, _ region: String?, _ subject: String
    ) throws(BackendError) -> String {
        if let given {
            guard let parts = try? URLParts(given), parts.user == nil, parts.query == nil else {
                throw BackendError(.usage, subject, "--endpoint must be a URL such as https://HOST[:PORT]")
            }
            let path = parts.path.hasSuffix("/") ? String(parts.path.dropLast()) : parts.path
            return parts.origin + path
        }
        guard let region else {
            throw BackendError(
                .usage, subject, "the OCI region is missing: set --region, region in ~/.oci/config, or OCI_REGION")
        }
        let name = OCIRegion.name(region)
        guard !name.isEmpty,
            name.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) })
        else { throw BackendError(.usage, subject, "\"\(region)\" is no OCI region") }
        return "https://objectstorage.\(name).\(OCIRegion.domain(name))"
    }
}

/// Regions as their names and domains go. Source: "Regions and Availability Domains" of Oracle's documentation.
enum OCIRegion {
    /// The oldest regions may be told by their short names.
    static func name(_ text: String) -> String {
        switch text.lowercased() {
        case "iad": "us-ashburn-1"
        case "phx": "us-phoenix-1"
        case "fra": "eu-frankfurt-1"
        case "lhr": "uk-london-1"
        case let name: name
        }
    }

    /// Of the commercial realm, and of the governments'; others are reached by `--endpoint`.
    static func domain(_ name: String) -> String {
        if name.hasPrefix("us-langley-") || name.hasPrefix("us-luke-") || name.hasPrefix("us-gov-") {
            return "oraclegovcloud.com"
        }
        return name.hasPrefix("uk-gov-") ? "oraclegovcloud.uk" : "oraclecloud.com"
    }
}
