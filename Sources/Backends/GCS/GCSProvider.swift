import Foundation
import ObjectModel

/// Google Cloud Storage: finds credentials and endpoint, connects buckets, lists those of a project.
public enum GCSProvider: CloudProvider {
    /// Bytes of an answer at most: a page of a thousand long names has one and a half million.
    private static let bodyLimit = 64 << 20

    public static func connect(
        _ address: BucketAddress, in environment: CloudEnvironment, lookup: Bool
    ) throws(BackendError) -> ConnectedBucket {
        let (identity, endpoint) = try find(address, environment)
        if let keys = keys(of: identity, environment) {
            return try GCSKeyedBuckets(endpoint, keys, environment).connect(address, lookup: lookup)
        }
        let backend = backend(address, identity, endpoint, environment)
        guard lookup else { return ConnectedBucket(backend: backend, facts: nil) }
        let lane = environment.makeLane()
        let subject = address.bucket.cname
        let (head, body) = try lane.ask(
            backend.bucketRequest(), of: backend, subject: subject, bodyLimit: bodyLimit)
        let answer = backend.bucketAnswer(head, body: body)
        let facts = try answer.facts(of: subject, missing: "there is no such bucket") { reason throws(BackendError) in
            // Who may only list objects, or anybody at a public bucket, may not read the bucket's own resource.
            guard try isListable(backend, lane, subject) else {
                throw BackendError(.refused, subject, "\(reason); \(identity.credentials.remedy)")
            }
            return BucketFacts(isVersioned: true)
        }
        return ConnectedBucket(backend: backend, facts: facts)
    }

    private static func isListable(
        _ backend: GCSBackend, _ lane: PatientLane, _ subject: String
    ) throws(BackendError) -> Bool {
        let request = backend.listRequest(ListQuery(pageSize: 1))
        return try lane.ask(request, of: backend, subject: subject, bodyLimit: bodyLimit).head.status == 200
    }

    private static func find(
        _ address: BucketAddress, _ environment: CloudEnvironment
    ) throws(BackendError) -> (GoogleIdentity, GCSEndpoint) {
        let isEmulator = address.endpoint == nil && environment.variable("STORAGE_EMULATOR_HOST") != nil
        let identity = try GoogleIdentity.find(
            environment, isAnonymous: address.isAnonymous, isEmulator: isEmulator)
        return (identity, try GCSEndpoint(address.endpoint, environment, universe: identity.universe))
    }

    /// HMAC keys, unless this turns out to be a machine with an identity.
    private static func keys(of identity: GoogleIdentity, _ environment: CloudEnvironment) -> AWSCredentials? {
        guard let keys = identity.keys else { return nil }
        if case .metadata(let host, _) = identity.credentials,
            GoogleMetadata.hasIdentity(host, environment)
        {
            return nil
        }
        return keys
    }

    private static func backend(
        _ address: BucketAddress, _ identity: GoogleIdentity, _ endpoint: GCSEndpoint, _ environment: CloudEnvironment
    ) -> GCSBackend {
        var authorizer: TokenAuthorizer<GoogleTokenSource>?
        if !identity.isNobody {
            let source = GoogleTokenSource(
                credentials: identity.credentials, subject: identity.subject, environment: environment)
            authorizer = TokenAuthorizer(source, endpoint: endpoint.base)
        }
        return GCSBackend(
            address.bucket, endpoint: endpoint.base, userProject: identity.isNobody ? nil : identity.quotaProject,
            authorizer: authorizer)
    }

    // MARK: - the buckets of a project

    private struct Page: Decodable {
        struct Item: Decodable { var name: String }
        var nextPageToken: String?
        var items: [Item]?
    }

    public static func buckets(
        _ address: BucketAddress, in environment: CloudEnvironment
    ) throws(BackendError) -> [Bucket] {
        let (identity, endpoint) = try find(address, environment)
        if let keys = keys(of: identity, environment) {
            return try GCSKeyedBuckets(endpoint, keys, environment).all(ofProject: identity.project)
        }
        let backend = backend(address, identity, endpoint, environment)
        let project = try project(of: identity, environment)
        let lane = environment.makeLane()
        var names: [String] = []
        var token: String?
        repeat {
            var fields = [("project", project), ("fields", "nextPageToken,items(name)")]
            if let token { fields.append(("pageToken", token)) }
            let request = HTTPRequest(url: backend.asking("\(backend.endpoint)/storage/v1/b", fields))
            let (head, body) = try lane.ask(request, of: backend, subject: project, bodyLimit: bodyLimit)
            let page = try page(head, body, project, identity)
            names += (page.items ?? []).map(\.name)
            guard page.nextPageToken == nil || page.nextPageToken != token else {
                throw BackendError(.incompleteListing, project, "the listing of the buckets does not advance")
            }
            token = page.nextPageToken.flatMap { $0.isEmpty ? nil : $0 }
        } while token != nil
        return names.compactMap { try? Bucket(provider: .gcp, name: $0) }.sorted()
    }

    private static func page(
        _ head: HTTPResponseHead, _ body: [UInt8], _ project: String, _ identity: GoogleIdentity
    ) throws(BackendError) -> Page {
        guard head.status == 200 else {
            let isPassing = RetryPolicy.isRetryable(status: head.status) || GCSError(body).isPassing
            let words = "\(head.status): \(GCSError(body).explained(head.status))"
            throw BackendError(
                isPassing ? .unreachable : .refused, project,
                isPassing ? words : "\(words); \(identity.credentials.remedy)")
        }
        guard let page = try? JSONDecoder().decode(Page.self, from: Data(body)) else {
            throw BackendError(.incompleteListing, project, "the server sent what is no list of buckets")
        }
        return page
    }

    private static func project(
        of identity: GoogleIdentity, _ environment: CloudEnvironment
    ) throws(BackendError) -> String {
        if let project = identity.project { return project }
        if case .metadata(let host, _) = identity.credentials,
            let project = GoogleMetadata.project(host, environment)
        {
            return project
        }
        throw BackendError(
            .usage, "gs:", "buckets are listed by project, and none is known: set GOOGLE_CLOUD_PROJECT")
    }
}
