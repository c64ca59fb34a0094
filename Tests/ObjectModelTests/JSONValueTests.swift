import Foundation
import ObjectModel
import TestSupport
import Testing

struct JSONValueTests {
    @Test func wholeNumbersStayExact() throws {
        let text = #"[0,-1,9007199254740993,-9223372036854775808,9223372036854775807,18446744073709551615]"#
        let value = try JSONValue.parse(text)
        #expect(value.text() == text)
        #expect(value[5]?.unsigned == .max)
        #expect(value[5]?.integer == nil)
        #expect(value[1]?.unsigned == nil)
        #expect(try JSONValue.parse(Array(JSONEncoder().encode(value))) == value)
    }

    @Test(arguments: [
        ("1.5e3", JSONValue.integer(1500)), ("-0.25", .number(-0.25)), ("1E-2", .number(0.01)), ("true", .bool(true)),
        ("18446744073709551616", .number(18_446_744_073_709_551_616)), (" null\n", .null), ("[]", .array([])),
        ("-9223372036854775809", .number(-9_223_372_036_854_775_808)), ("1e300", .number(1e300)), ("-0", .integer(0)),
        ("9223372036854775808", .unsigned(1 << 63)), ("9223372036854775807.5", .number(9_223_372_036_854_775_808)),
        ("0.12345678901234567891234", .number(0.12345678901234568)), ("[true,false,1,0]", .array([true, false, 1, 0])),
        ("{ }", .object([:])),
        (#""a\/\"\\\b\f\n\r\t\u00e9\ud83d\ude00""#, .string("a/\"\\\u{8}\u{c}\n\r\té😀")),
        (#"{"a":[1,{"b":null}],"a":2}"#, .object(["a": 2])),
    ])
    func parses(_ text: String, _ expected: JSONValue) throws {
        #expect(try JSONValue.parse(text) == expected)
    }

    @Test(arguments: [
        "", " ", "nul", "truex", "01", "-", "1.", ".5", "1e", "+1", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}",
        "{\"a\":1;}", #""\ud800x""#, #""\ud800\u0041""#,
        "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u123g\"", "\"a\nb\"", "1 2", "[", "{", "1e999", "'a'",
    ])
    func refuses(_ text: String) {
        #expect(throws: JSONError.self) { try JSONValue.parse(text) }
    }

    @Test func hostileInputIsBounded() throws {
        #expect(throws: JSONError.self) { try JSONValue.parse(String(repeating: "[", count: 1_000_000)) }
        #expect(throws: JSONError.self) { try JSONValue.parse(String(repeating: "{\"a\":", count: 100_000)) }
        let deep = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        #expect(try JSONValue.parse(deep).text() == deep)
        #expect(throws: JSONError.self) { try JSONValue.parse("[\(deep)]") }
        for levels in [129, 512, 513, 100_000] {
            let open = String(repeating: "[{\"a\":", count: levels / 2) + String(repeating: "[", count: levels % 2)
            let close = String(repeating: "]", count: levels % 2) + String(repeating: "}]", count: levels / 2)
            let inside = levels % 2 == 0 ? "1" : ""
            #expect(throws: JSONError.self) { try JSONValue.parse(open + inside + close) }
        }
        #expect(throws: JSONError.self) { try JSONValue.parse("[1,2]", maxBytes: 4) }
        #expect(throws: JSONError.self) { try JSONValue.parse([0x22, 0xff, 0x22]) }
    }

    /// The stack of the lanes' threads holds the deepest document, read and written, and a hostile one.
    @Test func smallStacksSuffice() async {
        let deep = String(repeating: "{\"a\":[", count: 64) + String(repeating: "]}", count: 64)
        let hostile = String(repeating: "{\"a\":[", count: 256) + String(repeating: "]}", count: 256)
        let same = await withCheckedContinuation { continuation in
            let thread = Thread {
                let refused = (try? JSONValue.parse(hostile)) == nil
                continuation.resume(returning: refused && (try? JSONValue.parse(deep))?.text() == deep)
            }
            thread.stackSize = 1 << 20
            thread.start()
        }
        #expect(same)
    }

    @Test func errorsSayWhatAndWhere() {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(#"{"a": nix}"#) }
        #expect(error?.description.contains(/^not JSON: .*character [67]/) == true, "\(error?.description ?? "")")
    }

    @Test func doublesSurvive() throws {
        var generator = SeededGenerator(state: 1)
        for _ in 0..<10_000 {
            let bits = generator.next()
            // All magnitudes, and those that people write.
            for value in [Double(bitPattern: bits), Double(bits) / 1e15, Double(bits >> 40) / 100] {
                let text = JSONValue.number(value).text()
                #expect(try JSONValue.parse(text).number == (value.isFinite ? value : nil), "\(text)")
            }
        }
    }

    @Test func writesOneForm() throws {
        let value: JSONValue = ["b": [1, true, .null], "a": "x/\"\u{1}\n", "ä": 0.5, "": [:]]
        #expect(value.text() == #"{"":{},"a":"x/\"\u0001\n","b":[1,true,null],"ä":0.5}"#)
        #expect(
            (["a": [1, 2], "b": [:]] as JSONValue).text(pretty: true) == """
                {
                  "a" : [
                    1,
                    2
                  ],
                  "b" : {

                  }
                }
                """)
        #expect(try JSONValue.parse(value.text(pretty: true)) == value)
        #expect(JSONValue.number(.nan).text() == "null")
    }

    @Test func membersAreSetAndRemoved() {
        var value: JSONValue = ["a": 1]
        value["b"] = "x"
        value["a"] = nil
        #expect(value == ["b": "x"])
        #expect(JSONValue.string("18446744073709551615").unsigned == .max)
        #expect(JSONValue.string("+1").unsigned == nil)
        #expect(JSONValue.string("").unsigned == nil)
    }
}
