import Backends
import Hashing

/// The digests that run along with one object's bytes: the bucket's own checksum and whatever the source promised.
final class RunningDigests {
    private let contexts: [DigestContext]

    init(_ algorithms: Set<DigestAlgorithm>) {
        contexts = algorithms.map(DigestContext.init)
    }

    func update(_ bytes: RawSpan) {
        for context in contexts { context.update(bytes) }
    }

    func finalize() -> [DigestAlgorithm: Digest] {
        Dictionary(uniqueKeysWithValues: contexts.map { ($0.finalize()).keyed })
    }
}

extension Digest {
    fileprivate var keyed: (DigestAlgorithm, Digest) { (algorithm, self) }
}

/// What the comparison of promised and computed digests says.
enum DigestVerdict: Hashable {
    /// `verified_by`: the strongest digest that agreed, or `length only`.
    case agreed(String)
    /// One that differs, as a sentence.
    case differs(String)

    init(promised: [PromisedDigest], computed: [DigestAlgorithm: Digest]) {
        let strongestFirst = promised.sorted { $0.digest.algorithm.strength > $1.digest.algorithm.strength }
        for promise in strongestFirst {
            let algorithm = promise.digest.algorithm
            guard let found = computed[algorithm], found != promise.digest else { continue }
            self = .differs(
                "\(algorithm.rawValue) is \(found.hex), but \(promise.origin) promises \(promise.digest.hex)")
            return
        }
        if let best = strongestFirst.first(where: { computed[$0.digest.algorithm] != nil }) {
            self = .agreed("\(best.digest.algorithm.rawValue) (\(best.origin))")
        } else {
            self = .agreed("length only")
        }
    }
}
