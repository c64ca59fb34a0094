import Foundation
import ObjectModel
import Testing

struct JSONValueTests {
    @Test func wholeNumbersStayExact() throws {
        let text = #"[0,-1,9007199254740993,-9223372036854775808,9223372036854775807,18446744073709551615]"#
        let value = try JSONValue.parse(text)
        #expect(value.text() == text)
        #expect(value[5]?.unsigned == .max)
        #expect(value[5]?.integer == nil)
        #expect(value[1]?.unsigned == nil)
        let decoded = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        #expect(decoded == value)
        #expect(try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value)) == value)
    }

    @Test(arguments: [
        ("1.5e3", JSONValue.number(1500)), ("-0.25", .number(-0.25)), ("1E-2", .number(0.01)), ("true", .bool(true)),
        ("18446744073709551616", .number(18_446_744_073_709_551_616)), (" null\n", .null), ("[]", .array([])),
        ("{ }", .object([:])),
        (#""a\/\"\\\b\f\n\r\t\u00e9\ud83d\ude00\ud800x""#, .string("a/\"\\\u{8}\u{c}\n\r\té😀\u{fffd}x")),
        (#"{"a":[1,{"b":null}],"a":2}"#, .object(["a": 2])), (#""\ud800\u0041""#, .string("\u{fffd}A")),
    ])
    func parses(_ text: String, _ expected: JSONValue) throws {
        #expect(try JSONValue.parse(text) == expected)
    }

    @Test(arguments: [
        "", " ", "nul", "truex", "01", "-", "1.", ".5", "1e", "+1", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}",
        "{\"a\":1,}",
        "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u123g\"", "\"a\nb\"", "1 2", "[", "{", "1e999", "'a'", "\u{feff}1",
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
        #expect(throws: JSONError.self) { try JSONValue.parse("[1,2]", maxBytes: 4) }
        #expect(throws: JSONError.self) { try JSONValue.parse([0x22, 0xff, 0x22]) }
    }

    @Test func writesOneForm() throws {
        let value: JSONValue = ["b": [1, true, .null], "a": "x/\"\u{1}\n", "ä": 0.5, "": [:]]
        #expect(value.text() == #"{"":{},"a":"x/\"\u0001\n","b":[1,true,null],"ä":0.5}"#)
        #expect(
            (["a": [1, 2], "b": [:]] as JSONValue).text(pretty: true) == """
                {
                  "a": [
                    1,
                    2
                  ],
                  "b": {}
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
