import ObjectModel

/// Connects buckets of S3: endpoint, region and credentials as AWS's own tools find them.
public enum S3Provider: CloudProvider {
    static let bodyLimit = 16 << 10

    public static func connect(
        _ address: BucketAddress, in environment: CloudEnvironment, lookup: Bool
    ) throws(BackendError) -> ConnectedBucket {
        var setting = try S3Setting(address, environment)
        guard lookup else { return ConnectedBucket(backend: setting.backend(), facts: nil) }
        let lane = environment.makeLane()
        let subject = address.bucket.cname
        // A second region is what the first answer named; a third would be a quarrel between servers.
        for _ in 0..<3 {
            let backend = setting.backend()
            switch try lookUp(backend, in: setting.region, lane, subject) {
            case .found(var facts):
                facts.isVersioned = versioning(backend, lane, subject)
                facts.region = facts.region ?? setting.region
                facts.endpoint = setting.endpoint
                facts.profile = address.profile
                if setting.endpoint == nil, let region = facts.region, region != setting.region {
                    setting.region = region
                }
                return ConnectedBucket(backend: setting.backend(), facts: facts)
            case .elsewhere(let region) where region != setting.region:
                setting.region = region
            case .missing:
                throw BackendError(.noBucket, subject, "no such bucket at \(setting.place)")
            case .refused(let words):
                throw BackendError(
                    .refused, subject,
                    "\(setting.place) refuses (\(words)): check the credentials, --profile and --region")
            case .retryable(let status):
                throw BackendError(.unreachable, subject, "\(setting.place) answers \(status)")
            case .failed(let words):
                throw BackendError(.unreachable, subject, "\(setting.place) \(words)")
            case .elsewhere(let region):
                throw BackendError(.refused, subject, "\(setting.place) does not take its own region \(region)")
            }
        }
        throw BackendError(.refused, subject, "\(setting.place) names one region after the other: set --region")
    }

    /// HEAD first; its refusals have no body, so a listing of one name is asked for the reason. So it is when a refusal
    /// names the region that the request was made for.
    static func lookUp(
        _ backend: S3Backend, in region: String, _ lane: PatientLane, _ subject: String
    ) throws(BackendError) -> BucketAnswer {
        let (head, body) = try lane.ask(
            backend.bucketRequest(), of: backend, subject: subject, bodyLimit: bodyLimit)
        let answer = backend.bucketAnswer(head, body: body)
        switch answer {
        case .refused, .failed, .elsewhere(region):
            let (head, body) = try lane.ask(
                backend.bucketReasonRequest(), of: backend, subject: subject, bodyLimit: bodyLimit)
            return backend.bucketAnswer(head, body: body)
        default:
            return answer
        }
    }

    /// Nil when it may not be asked.
    private static func versioning(_ backend: S3Backend, _ lane: PatientLane, _ subject: String) -> Bool? {
        let request = S3Backend.staying(HTTPRequest(url: backend.urls.query([("versioning", "")])))
        guard let (head, body) = try? lane.ask(request, backend.authorizer, subject: subject, bodyLimit: bodyLimit),
            head.status == 200, var reader = try? XMLReader(body), (try? reader.root()) != nil
        else { return nil }
        while let name = (try? reader.child()) ?? nil {
            if name == "Status" { return (try? reader.text()) == "Enabled" }
            guard (try? reader.skip()) != nil else { return nil }
        }
        return false
    }

    public static func buckets(
        _ address: BucketAddress, in environment: CloudEnvironment
    ) throws(BackendError) -> [Bucket] {
        let setting = try S3Setting(address, environment)
        let base = setting.endpoint ?? "https://s3.\(setting.region).\(S3URL.domain(of: setting.region))"
        let lane = environment.makeLane()
        var found: [Bucket] = []
        var token: String?
        var seen: Set<String> = []
        repeat {
            let query = token.map { "?continuation-token=\(S3URL.escaped($0))" } ?? ""
            let (head, body) = try lane.ask(
                S3Backend.staying(HTTPRequest(url: "\(base)/\(query)")), setting.authorizer, subject: setting.place,
                bodyLimit: 64 << 20)
            guard head.status == 200 else {
                let code = S3Error(body).map { " \($0.code)" } ?? ""
                throw BackendError(
                    .refused, setting.place, "its buckets cannot be listed: answers \(head.status)\(code)")
            }
            do throws(XMLError) {
                let page = try names(body)
                // Names that aismove cannot hold are not its buckets.
                found += page.names.compactMap { try? Bucket(provider: .aws, name: $0) }
                token = page.next
            } catch {
                throw BackendError(.incompleteListing, setting.place, "the list of buckets cannot be read: \(error)")
            }
            if let token, !seen.insert(token).inserted {
                throw BackendError(.incompleteListing, setting.place, "the list of buckets does not advance")
            }
        } while token != nil
        return found.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    static func names(_ body: [UInt8]) throws(XMLError) -> (names: [String], next: String?) {
        var reader = try XMLReader(body)
        guard try reader.root() == "ListAllMyBucketsResult" else {
            throw XMLError(reason: "not a list of buckets", position: 0)
        }
        var found: [String] = []
        var next: String?
        while let name = try reader.child() {
            switch name {
            case "Buckets":
                while try reader.child() != nil {
                    while let field = try reader.child() {
                        if field == "Name" { found.append(try reader.text()) } else { try reader.skip() }
                    }
                }
            case "ContinuationToken":
                let token = try reader.text()
                next = token.isEmpty ? nil : token
            default: try reader.skip()
            }
        }
        try reader.finish()
        return (found, next)
    }
}
