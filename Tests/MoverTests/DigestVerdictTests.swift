import Backends
import Hashing
import Testing

@testable import Mover

@Suite struct DigestVerdictTests {
    private func digest(_ algorithm: DigestAlgorithm, _ text: String) throws -> Digest {
        let context = DigestContext(algorithm)
        context.update(Array(text.utf8).span.bytes)
        return context.finalize()
    }

    @Test func theStrongestThatAgreedIsNamed() throws {
        let md5 = try digest(.md5, "abc")
        let sha = try digest(.sha256, "abc")
        let promised = [
            PromisedDigest(digest: md5, origin: "Content-MD5"), PromisedDigest(digest: sha, origin: "SHA256SUMS"),
        ]
        #expect(
            DigestVerdict(promised: promised, computed: [.whole(.md5): md5, .whole(.sha256): sha])
                == .agreed("sha256 (SHA256SUMS)"))
        #expect(DigestVerdict(promised: [], computed: [.whole(.md5): md5]) == .agreed("length only"))
    }

    @Test func oneThatDiffersIsEnough() throws {
        let right = try digest(.sha256, "abc")
        let wrong = try digest(.md5, "abd")
        let promised = [
            PromisedDigest(digest: right, origin: "SHA256SUMS"), PromisedDigest(digest: wrong, origin: "Content-MD5"),
        ]
        let verdict = DigestVerdict(
            promised: promised, computed: [.whole(.sha256): right, .whole(.md5): try digest(.md5, "abc")])
        #expect(
            verdict
                == .differs(
                    "md5 is 900150983cd24fb0d6963f7d28e17f72, but Content-MD5 promises \(wrong.hex)"))
    }

    @Test func digestsOfPartsAreOfThoseParts() throws {
        let (whole, parts) = (try digest(.md5, "abc"), try digest(.md5, "parts"))
        let promised = [PromisedDigest(digest: parts, origin: "ETag", parts: [2, 1])]
        let right: ComputedDigests = [.whole(.md5): whole, .parts(.md5, [2, 1]): parts]
        #expect(DigestVerdict(promised: promised, computed: right) == .agreed("md5 of 2 parts (ETag)"))
        let wrong = DigestVerdict(promised: promised, computed: [.parts(.md5, [2, 1]): whole])
        #expect(wrong == .differs("md5 of 2 parts is \(whole.hex), but ETag promises \(parts.hex)"))
        let other = DigestVerdict(promised: promised, computed: [.whole(.md5): whole, .parts(.md5, [3]): whole])
        #expect(other == .agreed("length only"))
    }

    @Test func sidecarsInBothForms() throws {
        let hex = try digest(.sha256, "abc").hex
        for text in ["\(hex)  train.tar\n", hex, "SHA256 (train.tar) = \(hex)\n"] {
            #expect(try Sidecar.digest(in: text, kind: "sha256", url: "u").digest.hex == hex)
        }
        #expect(throws: ShardFailure.self) { try Sidecar.digest(in: "<html>", kind: "sha256", url: "u") }
        #expect(Sidecar.url(for: "http://h/a.tar?x=1", kind: "md5") == "http://h/a.tar.md5?x=1")
    }
}
