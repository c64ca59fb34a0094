import Hashing
import TestSupport
import Testing

@Suite struct XXH64Tests {
    @Test func agreesWithTheOwnersVectors() throws {
        let file = try Vectors.load("xxhash64.json", as: Vectors.XXHash.self)
        for vector in file.vectors {
            let bytes = try #require(Hex.decode(vector.inputHex))
            for (seed, expected) in [(0, vector.seed0), (file.mlcg32, vector.seedMLCG32)] {
                #expect(Hex.encode(XXH64.hash(bytes.span.bytes, seed: seed)) == expected)
                var state = XXH64(seed: seed)
                state.update(bytes.span.bytes)
                #expect(Hex.encode(state.finalize()) == expected)
            }
        }
        let big = Vectors.big
        #expect(Hex.encode(XXH64.hash(big.span.bytes)) == file.big.seed0)
        #expect(Hex.encode(XXH64.hash(big.span.bytes, seed: file.mlcg32)) == file.big.seedMLCG32)
    }

    @Test func textIsHashedAsItsBytes() {
        for text in ["", "a", "fifteen bytes!!", "ais/@#/imagenet/train-000000.tar", "größe/日本/🙂"] {
            let bytes = Array(text.utf8)
            #expect(XXH64.hash(text, seed: 7) == XXH64.hash(bytes.span.bytes, seed: 7))
        }
    }

    @Test func piecesOfAnySizeGiveTheHashOfTheWhole() {
        var random = SeededGenerator(state: 1)
        let bytes = Array(Vectors.big.prefix(700))
        for length in 0...300 {
            let whole = Array(bytes.prefix(length))
            var state = XXH64(seed: 3)
            var offset = 0
            while offset < length {
                let count = min(Int.random(in: 0...45, using: &random), length - offset)
                state.update(whole.span.bytes.extracting(offset..<offset + count))
                offset += count
            }
            #expect(state.finalize() == XXH64.hash(whole.span.bytes, seed: 3), "length \(length)")
        }
    }

    @Test func aCopyGoesOnByItself() {
        let prefix = Array("ais/@#/bucket/".utf8)
        var shared = XXH64()
        shared.update(prefix.span.bytes)
        for name in ["one", "two.tar", String(repeating: "x", count: 100)] {
            var state = shared
            state.update(name.utf8Span.span.bytes)
            #expect(state.finalize() == XXH64.hash("ais/@#/bucket/" + name))
        }
    }
}
