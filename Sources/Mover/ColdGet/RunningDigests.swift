import Backends
import Hashing

/// What a running digest is of.
enum DigestSubject: Hashable {
    case whole(DigestAlgorithm)
    /// Of the digests of parts of these sizes, in bytes.
    case parts(DigestAlgorithm, [Int64])

    var context: DigestContext {
        switch self {
        case .whole(let algorithm): DigestContext(algorithm)
        case .parts(let algorithm, let sizes): DigestContext(algorithm, parts: sizes)
        }
    }
}

extension PromisedDigest {
    var subject: DigestSubject {
        parts.map { .parts(digest.algorithm, $0) } ?? .whole(digest.algorithm)
    }
}

/// The digests that run along with one object's bytes: the bucket's own checksum and whatever the source promised.
final class RunningDigests {
    /// One or two: searched, not hashed.
    private let contexts: [(subject: DigestSubject, context: DigestContext)]

    /// - Parameter subjects: each counts once.
    init(_ subjects: some Sequence<DigestSubject>) {
        var contexts: [(subject: DigestSubject, context: DigestContext)] = []
        for subject in subjects where !contexts.contains(where: { $0.subject == subject }) {
            contexts.append((subject, subject.context))
        }
        self.contexts = contexts
    }

    func update(_ bytes: RawSpan) {
        for running in contexts { running.context.update(bytes) }
    }

    func finalize() -> ComputedDigests {
        ComputedDigests(contexts.map { ($0.subject, $0.context.finalize()) })
    }
}

/// What came out, by what it is of.
struct ComputedDigests: ExpressibleByDictionaryLiteral {
    private let digests: [(subject: DigestSubject, digest: Digest)]

    init(_ digests: [(DigestSubject, Digest)]) { self.digests = digests }

    init(dictionaryLiteral elements: (DigestSubject, Digest)...) { digests = elements }

    subscript(_ subject: DigestSubject) -> Digest? { digests.first { $0.subject == subject }?.digest }
}

/// What the comparison of promised and computed digests says.
enum DigestVerdict: Hashable {
    /// `verified_by`: the strongest digest that agreed, or `length only`.
    case agreed(String)
    /// One that differs, as a sentence.
    case differs(String)

    init(promised: [PromisedDigest], computed: ComputedDigests) {
        let strongestFirst = promised.sorted { $0.digest.algorithm.strength > $1.digest.algorithm.strength }
        for promise in strongestFirst {
            guard let found = computed[promise.subject], found != promise.digest else { continue }
            self = .differs("\(promise.name) is \(found.hex), but \(promise.origin) promises \(promise.digest.hex)")
            return
        }
        if let best = strongestFirst.first(where: { computed[$0.subject] != nil }) {
            self = .agreed("\(best)")
        } else {
            self = .agreed("length only")
        }
    }
}
