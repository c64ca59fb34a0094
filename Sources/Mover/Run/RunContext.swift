import Backends
import Foundation
import NodeStore
import Planner

/// What all lanes of one run share.
final class RunContext: Sendable {
    let options: RunOptions
    let store: NodeStore
    /// Of URLs.
    let backend: HTTPBackend
    let connections: Connections
    let gate: Gate
    let recorder: RunRecorder
    let space: SpaceReservation
    let retry: RetryPolicy

    init(
        options: RunOptions, store: NodeStore, connections: Connections = .none, recorder: RunRecorder,
        stop: StopSignal
    ) {
        self.connections = connections
        self.options = options
        self.store = store
        self.recorder = recorder
        backend = HTTPBackend()
        gate = Gate(options: options, stop: stop)
        space = SpaceReservation(store)
        retry = RetryPolicy(retries: options.retries)
    }

    /// Connects the sources' buckets first; what is asked again meanwhile, and later, `recorder` tells.
    convenience init(
        connecting sources: [Source], options: RunOptions, store: NodeStore, recorder: RunRecorder, stop: StopSignal
    ) throws {
        var options = options
        options.onRetry = { recorder.retrying($0) }
        let connections = try Connections(sources, store: store, options: options, stop: stop)
        self.init(options: options, store: store, connections: connections, recorder: recorder, stop: stop)
    }

    var stop: StopSignal { gate.stop }

    /// For small requests; belongs to the calling thread.
    /// - Parameter isTold: whether the whole run waits for them, which is worth a line when they are asked again.
    func makePatientLane(isTold: Bool = true) -> PatientLane {
        let (stop, onRetry) = (stop, options.onRetry)
        return PatientLane(
            options.network, policy: retry, stopped: { stop.isStopped }, onRetry: { if isTold { onRetry($0) } })
    }

    /// In a store that belongs to a cluster nothing is ever replaced behind the node's back.
    var mayReplace: Bool { !store.ownership.clusterOwned }

    /// The bucket at a provider that a source reads; nil for URLs.
    func bucket(of source: Int) -> (any BucketBackend)? { connections.buckets[source]?.backend }

    /// What a request of that source for `url` is sent beside what all are.
    func headers(of source: Int, for url: String) -> [HTTPHeader] {
        connections.sources.indices.contains(source) ? connections.sources[source].headers.fields(for: url) : []
    }

    /// What asks for a shard's bytes at its source, authorized; goes where an answer has sent the shard, once.
    /// - Parameter checks: a shard that is only being checked (`--latest`) is asked whether it has changed.
    /// - Throws: `BackendError` when no credentials are to be had.
    func request(for job: ShardJob, resume: ResumePoint?, checks: Bool) throws(BackendError) -> HTTPRequest {
        let url = job.elsewhere ?? job.url
        job.elsewhere = nil
        let asked: any Backend = job.backend ?? backend
        var request = (checks ? job.checkRequest(asked, url) : nil) ?? asked.objectRequest(url, resume: resume)
        guard let bucket = job.backend else {
            request.headers += headers(of: job.shard.source, for: url)
            return request
        }
        request.bringsCredentials = true
        return try bucket.authorizer?.authorize(request) ?? request
    }

    /// What a head means for the object that was asked for, by the rules of its bucket; nil = plain HTTP.
    /// - Parameter errorBody: of an answer beyond 299.
    func answer(
        _ head: HTTPResponseHead, to request: HTTPRequest, resume: ResumePoint?,
        of bucket: (any BucketBackend)? = nil, errorBody: [UInt8] = []
    ) -> ObjectAnswer {
        let now = Date().timeIntervalSince1970
        guard let bucket else { return backend(for: head).answer(head, to: request, resume: resume, now: now) }
        return bucket.answer(head, to: request, resume: resume, errorBody: errorBody, now: now)
    }

    /// A server that asked to slow down makes every lane wait, not only the one that was told.
    func noteThrottle(url: String, status: Int, retryAfter: Double?) {
        // 429 without a hint is meant for all of us, too.
        guard let seconds = retryAfter ?? (status == 429 ? retry.baseSeconds : nil) else { return }
        gate.slowDown(url: url, seconds: min(seconds, retry.hintCapSeconds))
    }

    /// S3 and its kin use MD5 as the ETag of objects that are neither encrypted with KMS nor made of parts.
    private func backend(for head: HTTPResponseHead) -> HTTPBackend {
        let server = head.headers["Server"] ?? ""
        let isS3 = head.headers["x-amz-request-id"] != nil || server == "AmazonS3" || server == "MinIO"
        let isEncrypted = head.headers["x-amz-server-side-encryption"].map { $0 != "AES256" } ?? false
        let hasOwnKey = head.headers["x-amz-server-side-encryption-customer-algorithm"] != nil
        return HTTPBackend(etagIsMD5: isS3 && !isEncrypted && !hasOwnKey)
    }
}
