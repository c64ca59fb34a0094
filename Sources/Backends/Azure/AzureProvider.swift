import ObjectModel

/// Azure Blob Storage: finds credentials and endpoint, connects containers, lists those of an account.
public enum AzureProvider: CloudProvider {
    /// Bytes of an answer at most: a page of five thousand long names has some twelve million.
    private static let bodyLimit = 64 << 20
    /// Seconds that a request's date may differ from the server's.
    private static let skewMax = 900.0

    public static func connect(
        _ address: BucketAddress, in environment: CloudEnvironment, lookup: Bool
    ) throws(BackendError) -> ConnectedBucket {
        let (backend, identity) = try reach(address, environment)
        guard lookup else { return ConnectedBucket(backend: backend, facts: nil) }
        let lane = environment.makeLane()
        let subject = address.bucket.cname
        let (head, body) = try lane.ask(
            backend.bucketRequest(), of: backend, subject: subject, bodyLimit: bodyLimit)
        let missing = "there is no such container\(isNobody(backend, identity) ? ", or it is not public" : "")"
        let answer = backend.bucketAnswer(head, body: body)
        let facts = try answer.facts(of: subject, noun: "container", missing: missing) { reason throws(BackendError) in
            // Who may only list blobs may not read the container's own properties: a SAS of one container cannot.
            guard try isListable(backend, lane, subject) else {
                throw refusal(subject, reason, head, backend, identity, environment)
            }
            return BucketFacts(isVersioned: true)
        }
        return ConnectedBucket(backend: backend, facts: facts)
    }

    public static func buckets(
        _ address: BucketAddress, in environment: CloudEnvironment
    ) throws(BackendError) -> [Bucket] {
        let (backend, identity) = try reach(address, environment)
        let subject = URLText.redacted(backend.endpoint)
        let lane = environment.makeLane()
        var names: [String] = []
        var marker: String?
        repeat {
            let (head, body) = try lane.ask(
                backend.containersRequest(marker: marker), backend.authorizer, subject: subject, bodyLimit: bodyLimit)
            guard head.status == 200 else {
                let error = AzureError(head, body: body)
                if error.isPassing || RetryPolicy.isRetryable(status: head.status) {
                    throw BackendError(.unreachable, subject, error.explained(head.status))
                }
                throw refusal(subject, error.explained(head.status), head, backend, identity, environment)
            }
            let page: (names: [String], next: String?)
            do throws(XMLError) {
                page = try AzurePage.containers(body)
            } catch {
                throw BackendError(.incompleteListing, subject, "the list of containers cannot be read: \(error)")
            }
            names += page.names
            guard page.next == nil || page.next != marker else {
                throw BackendError(.incompleteListing, subject, "the list of containers does not advance")
            }
            marker = page.next
        } while marker != nil
        return names.compactMap { try? Bucket(provider: .azure, name: $0) }.sorted()
    }

    // MARK: - who, and where

    private static func reach(
        _ address: BucketAddress, _ environment: CloudEnvironment
    ) throws(BackendError) -> (AzureBackend, AzureIdentity) {
        let identity = try AzureIdentity.find(environment, isAnonymous: address.isAnonymous)
        let endpoint = try AzureEndpoint.find(address.endpoint, identity, environment)
        let authorizer = try authorizer(identity, endpoint, environment)
        return (AzureBackend(address.bucket, endpoint: endpoint.base, authorizer: authorizer), identity)
    }

    private static func authorizer(
        _ identity: AzureIdentity, _ endpoint: AzureEndpoint, _ environment: CloudEnvironment
    ) throws(BackendError) -> (any RequestAuthorizer)? {
        switch identity.credentials {
        case .anonymous:
            return nil
        case .key(let key):
            guard let account = identity.account ?? endpoint.account else {
                throw BackendError(.usage, "az:", "the key's account is not known: set AZURE_STORAGE_ACCOUNT")
            }
            return AzureKeyAuthorizer(account: account, key: key, endpoint: endpoint.base, now: environment.now)
        case .sas(let token):
            return AzureSASAuthorizer(token: token, endpoint: endpoint.base)
        case .token(let kind):
            let isSecure = endpoint.base.hasPrefix("https://")
            let source = AzureTokenSource(kind: kind, mayGuess: isSecure, environment: environment)
            if !endpoint.takesTokens {
                if case .machine(_, _, isCertain: false) = kind { return nil }
                throw BackendError(
                    .usage, URLText.redacted(endpoint.base), "tokens are sent only to an https:// endpoint")
            }
            return TokenAuthorizer(source, endpoint: endpoint.base)
        }
    }

    // MARK: - refusals

    private static func isListable(
        _ backend: AzureBackend, _ lane: PatientLane, _ subject: String
    ) throws(BackendError) -> Bool {
        let request = backend.listRequest(ListQuery(pageSize: 1))
        return try lane.ask(request, backend.authorizer, subject: subject, bodyLimit: bodyLimit).head.status == 200
    }

    private static func isNobody(_ backend: AzureBackend, _ identity: AzureIdentity) -> Bool {
        if let tokens = backend.authorizer as? TokenAuthorizer<AzureTokenSource> { return tokens.isAnonymous }
        return backend.authorizer == nil
    }

    private static func refusal(
        _ subject: String, _ reason: String, _ head: HTTPResponseHead, _ backend: AzureBackend,
        _ identity: AzureIdentity, _ environment: CloudEnvironment
    ) -> BackendError {
        let now = environment.now()
        let credentials = isNobody(backend, identity) ? .anonymous : identity.credentials
        var remedy = credentials.remedy(now: now)
        if case .key = credentials, let time = head.headers["Date"].flatMap({ HTTPDate.parse(FieldText.trimmed($0)) }),
            abs(Double(time) - now) > skewMax
        {
            remedy = "set this machine's clock: it differs from the server's by \(Int(abs(Double(time) - now))) seconds"
        }
        return BackendError(.refused, subject, "\(reason); \(remedy)")
    }
}
