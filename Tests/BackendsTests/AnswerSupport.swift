import Foundation

@testable import Backends

/// A file of this target's `Fixtures`.
func indexFixture(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    return [UInt8](try Data(contentsOf: folder.appending(path: name)))
}

/// An answer's head from a status and header fields.
func head(
    _ status: Int = 200, _ fields: KeyValuePairs<String, String> = [:], url: String = "https://host/dir/a.tar"
) -> HTTPResponseHead {
    HTTPResponseHead(
        status: status, headers: HTTPHeaders(fields.map { HTTPHeader($0.key, $0.value) }), url: url)
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
