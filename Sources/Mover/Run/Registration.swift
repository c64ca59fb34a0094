import Backends
import Foundation
import NodeStore
import ObjectModel
import Planner

/// First access to a bucket, as AIS does it: confirm at the source that it is there and lets us in, atomically add it
/// to the BMD, go on. Buckets that the BMD already has are not asked about.
struct Registration {
    /// A destination, and a few URLs of the source by which it is confirmed.
    struct Candidate {
        let destination: Destination
        /// All of one source.
        var sampleURLs: [String]
        let source: Int
        /// Its own bucket was found at its provider, which may have said something about it.
        var isConnected = false
        var facts: BucketFacts?

        var request: BucketRequest {
            BucketRequest(
                destination.bucket, originalURL: destination.originalURL, region: facts?.region,
                endpoint: facts?.endpoint, profile: facts?.profile, versioned: facts?.isVersioned)
        }
    }

    let context: RunContext

    /// Nanoseconds since 1970, as `created` of a bucket.
    static var now: UInt64 { UInt64(Date().timeIntervalSince1970 * 1e9) }

    /// - Returns: the BMD's entry of each candidate, in order.
    func run(_ candidates: [Candidate]) throws -> [BMDBucket] {
        if let cluster = context.options.beside {
            return try candidates.map { candidate in
                try cluster.register(candidate.destination.bucket) {
                    if !context.options.skipLookup { try confirm(candidate) }
                }
            }
        }
        let loaded = try context.store.loadBMD()
        for repair in loaded.repairs { context.recorder.notice(repair) }
        var requests: [BucketRequest] = []
        var isToldOfHT = false
        for candidate in candidates {
            let destination = candidate.destination
            if let known = loaded.bmd.find(destination.bucket) {
                if let refusal = destination.refusal(registeredURL: known.originalURL) {
                    throw RunError(.usage, "\(refusal)")
                }
                continue
            }
            if let refusal = destination.refusal(storeFormatHasHT: context.store.format.hasHTBuckets) {
                throw RunError(.usage, "\(refusal)")
            }
            if let notice = destination.notice, !isToldOfHT {
                context.recorder.notice(notice)
                isToldOfHT = true
            }
            let isConfirmed = candidate.isConnected && candidate.sampleURLs.isEmpty
            if !context.options.skipLookup, !isConfirmed { try confirm(candidate) }
            requests.append(candidate.request)
        }
        if !requests.isEmpty {
            _ = try context.store.register(requests, now: Self.now)
        }
        let bmd = requests.isEmpty ? loaded.bmd : try context.store.loadBMD().bmd
        return try candidates.map { candidate in
            guard let bucket = bmd.find(candidate.destination.bucket) else {
                throw RunError(.store, "\(candidate.destination.bucket): is not in the BMD after it was added")
            }
            return bucket
        }
    }

    /// Asks the source about up to three names.
    private func confirm(_ candidate: Candidate) throws {
        let stop = context.stop
        let lane = context.makePatientLane()
        var confirmation = BucketConfirmation(urls: candidate.sampleURLs, backend: context.backend)
        while var request = confirmation.next, !stop.isStopped {
            request.headers += context.headers(of: candidate.source, for: request.url)
            do throws(TransportError) {
                confirmation.answered(try lane.perform(request, bodyLimit: 1 << 20).head)
            } catch {
                if error.kind == .tooLarge {
                    // A server that ignores the one-byte range sends a body: it is there and lets us in.
                    confirmation.answered(HTTPResponseHead(status: 200, headers: HTTPHeaders(), url: request.url))
                } else {
                    confirmation.failed(error)
                }
            }
        }
        if !stop.isStopped { try judge(confirmation.verdict, candidate) }
    }

    private func judge(_ verdict: BucketConfirmation.Verdict?, _ candidate: Candidate) throws(RunError) {
        let title = candidate.destination.originalURL ?? candidate.destination.bucket.cname
        let asked = candidate.sampleURLs.first.map(URLText.redacted) ?? title
        switch verdict {
        case .confirmed, nil: return
        case .refused(let status):
            throw RunError(
                .refused, "\(asked): the source answers \(status); check credentials (--header-file, .netrc) and rights"
            )
        case .unconfirmed(let reason, let passes):
            // What lasts says its own remedy; registering without asking would only let each shard fail of it.
            let remedy = passes ? "; run again later, or use --skip-lookup" : ""
            throw RunError(.someFailed, "\(title) could not be confirmed: \(reason)\(remedy)")
        }
    }
}
