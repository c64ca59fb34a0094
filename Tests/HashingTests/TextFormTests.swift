import Foundation
import Hashing
import TestSupport
import Testing

@Suite struct TextFormTests {
    @Test func hexBothWays() {
        #expect(Hex.encode([0, 1, 0xab, 0xff]) == "0001abff")
        #expect(Hex.encode(0x0123_4567_89ab_cdef as UInt64) == "0123456789abcdef")
        #expect(Hex.encode(0 as UInt64) == "0000000000000000")
        #expect(Hex.decode("0001abFF") == [0, 1, 0xab, 0xff])
        #expect(Hex.decode("") == [])
        for bad in ["0", "0g", "0x00", " 00", "00 ", "é0"] { #expect(Hex.decode(bad) == nil, "\(bad)") }
    }

    @Test func base64AgreesWithFoundation() {
        var random = SeededGenerator(state: 2)
        for length in 0..<70 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = Data(bytes).base64EncodedString()
            #expect(Base64.encode(bytes) == text)
            #expect(Base64.decode(text) == bytes)
            let url = text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
            #expect(Base64.encodeURL(bytes) == url)
        }
    }

    @Test(arguments: ["A", "AA", "AAA", "AA=A", "A===", "====", "AB==", "AAB=", "AA==AA==", "AA-_", "AA\nA", "AAAA="])
    func base64Refuses(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
