import Backends
import ObjectModel

/// What comes with an answer that is an error: providers say there what is wrong.
enum ErrorBody {
    /// As much of it as is looked at.
    static let bytesMax = 16 << 10

    /// A 401, 403 or 407 that no other credentials mend, with the provider's own words and what to do.
    static func refusal(of job: ShardJob, _ head: HTTPResponseHead, _ body: [UInt8]) -> ShardFailure {
        let answers = "\(job.shownURL) answers \(head.status)"
        guard let bucket = job.backend else {
            return ShardFailure(.refused, "\(answers); check credentials (--header-file, .netrc) and rights")
        }
        var words = ""
        if case .refused(let told) = bucket.bucketAnswer(head, body: body), !told.isEmpty { words = ": \(told)" }
        return ShardFailure(
            .refused, "\(answers)\(words); check the credentials of \(bucket.bucket.cname) and their rights")
    }
}

extension TransferBuffer {
    /// Its first bytes.
    func first(_ count: Int) -> [UInt8] { Array(bytes.prefix(count)) }
}
