import TestSupport
import Testing

@testable import Archive

/// A small tar cut, zeroed and overwritten at every block.
@Suite struct TarDamageTests {
    /// pax, GNU and plain members whose data begin with a byte that is not zero.
    private static let tar: [UInt8] = {
        var random = SeededGenerator(state: 5)
        var maker = TarMaker()
        maker.add(file: "a/first.jpg", random.bytes(1300))
        maker.add(pax: [("path", String(repeating: "p", count: 300) + ".jpg"), ("mtime", "1.5")])
        maker.add(file: "short.jpg", random.bytes(600))
        maker.add(file: "v7.txt", random.bytes(512), magic: .v7)
        maker.add(TarMaker.header("a/", type: "5"))
        maker.add(TarMaker.header("a/link", type: "2"))
        maker.add(TarMaker.header("././@LongLink", size: 301, type: "L", magic: .gnu), random.bytes(300) + [0])
        maker.add(file: "last.cls", random.bytes(2), magic: .gnu)
        return maker.ended + [UInt8](repeating: 0, count: 4096)
    }()

    /// Blocks that are headers, by number, and pax payloads, which have a form of their own.
    private static let headers = [0, 4, 5, 6, 9, 11, 12, 13, 15]
    private static let longNamePayload = 14
    private static let endMarker = 17..<19

    @Test func theSampleIsWhatTheTablesSay() throws {
        let summary = try Walking.summary(Self.tar)
        #expect(summary.members == 6)
        #expect(summary.files == 4)
        #expect(summary.dataBytes == 1300 + 600 + 512 + 2)
    }

    @Test func everyCutShortOfTheEndIsCaught() {
        // At every boundary, beside it, and here and there.
        for length in 0..<Self.tar.count where (length + 1) % 512 < 3 || length % 37 == 0 {
            let isWhole = length >= Self.endMarker.upperBound * 512 && length % 512 == 0
            let error = Walking.error(Array(Self.tar.prefix(length)))
            #expect((error == nil) == isWhole, "cut to \(length): \(String(describing: error))")
            if let error { #expect(error.offset == (length == 0 ? 0 : Int64(length)), "\(error)") }
        }
    }

    @Test func everyZeroedHeaderIsCaught() {
        for block in 0..<Self.tar.count / 512 {
            var tar = Self.tar
            for offset in 0..<512 { tar[block * 512 + offset] = 0 }
            let isCaught = Self.headers.contains(block) || block == Self.longNamePayload
            for size in [0, 1, 511, 513, 4096] {
                #expect((Walking.error(tar, pieces: size) != nil) == isCaught, "block \(block), pieces \(size)")
            }
        }
    }

    @Test func everyOverwrittenHeaderIsCaught() {
        for block in 0..<Self.tar.count / 512 {
            var tar = Self.tar
            for offset in 0..<512 { tar[block * 512 + offset] = 0xff }
            let isCaught = Self.headers.contains(block) || block >= Self.endMarker.lowerBound
            let error = Walking.error(tar)
            #expect((error != nil) == isCaught, "block \(block): \(String(describing: error))")
            for size in [1, 511, 513, 4096] { #expect(Walking.error(tar, pieces: size) == error) }
        }
    }

    @Test func everyFlippedBitOfAHeaderIsCaught() {
        for block in [0, 4, 9, 12, 15] {
            for bit in 0..<4096 {
                // The checksum's leading zero becomes a blank, and a blank behind it one of the other kind: the same number.
                if [148 * 8 + 4, 154 * 8 + 5, 155 * 8 + 5].contains(bit) { continue }
                var tar = Array(Self.tar.dropFirst(block * 512))
                tar[bit / 8] ^= 1 << UInt8(bit % 8)
                if Walking.error(tar) == nil { Issue.record("block \(block) bit \(bit)") }
            }
        }
    }

    @Test func mutatedTarsAreWalkedOrRefused() {
        var (walked, refused) = (0, 0)
        let failure = Fuzz.failure(seed: 6) { round, random in
            let tar = Self.damaged(round, &random)
            let size = Int.random(in: 300...4000, using: &random)
            let mode = round % 2 == 0 ? TarWalker.Mode.framing : .webdataset
            let error = Walking.error(tar, mode: mode)
            if error != Walking.error(tar, pieces: size, mode: mode) { return "other in pieces of \(size)" }
            if let error {
                refused += 1
                return (0...Int64(tar.count)).contains(error.offset) ? nil : "an offset beyond its end: \(error)"
            }
            walked += 1
            guard let summary = try? Walking.summary(tar, mode: mode) else { return "walked once, and not again" }
            if summary.dataBytes < 0 || summary.dataBytes > Int64(tar.count) {
                return "\(summary.dataBytes) bytes of data"
            }
            return summary.members * 512 <= tar.count ? nil : "\(summary.members) members"
        }
        #expect(failure == nil)
        #expect(walked > 0 && refused > 0, "\(walked) walked, \(refused) refused")
    }

    /// The sample with a header overwritten here and there, its checksum made good three times of four.
    private static func damaged(_ round: Int, _ random: inout SeededGenerator) -> [UInt8] {
        var tar = tar
        let block = headers.randomElement(using: &random) ?? 0
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let offset = block * 512 + Int.random(in: 0..<512, using: &random)
            tar[offset] = [0, 0x20, 0x30, 0x37, 0x80, 0xff].randomElement(using: &random) ?? 0
        }
        guard round % 4 != 0 else { return tar }
        var header = Array(tar[block * 512..<(block + 1) * 512])
        if round % 4 == 1, let type = "01234567xgLKSVDNMXA".randomElement(using: &random) {
            header[156] = type.asciiValue ?? 0
        }
        TarMaker.seal(&header)
        tar.replaceSubrange(block * 512..<(block + 1) * 512, with: header)
        return tar
    }
}
