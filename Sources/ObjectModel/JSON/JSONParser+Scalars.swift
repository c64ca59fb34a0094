extension JSONParser {
    /// A number by JSON's grammar: whole ones exactly while 64 bits hold them, else the nearest double.
    mutating func number() throws(JSONError) -> JSONValue {
        let start = at
        _ = take("-")
        let zero = peek == UInt8(ascii: "0")
        let digits = skipDigits()
        guard digits == 1 || (digits > 1 && !zero) else { throw error("a value is missing or malformed") }
        var whole = true
        if take(".") {
            whole = false
            guard skipDigits() > 0 else { throw error("digits are missing after \".\"") }
        }
        if take("e") || take("E") {
            whole = false
            if !take("+") { _ = take("-") }
            guard skipDigits() > 0 else { throw error("digits are missing in the exponent") }
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if whole {
            if let value = Int64(text) { return .integer(value) }
            if let value = UInt64(text) { return .unsigned(value) }
        }
        guard let value = Double(text), value.isFinite else { throw error("the number is out of range") }
        return .number(value)
    }

    private mutating func skipDigits() -> Int {
        let start = at
        while let byte = peek, (0x30...0x39).contains(byte) { at += 1 }
        return at - start
    }

    /// A string, its escapes resolved. Lone surrogates become U+FFFD; invalid UTF-8 and raw control bytes are errors.
    mutating func string() throws(JSONError) -> String {
        at += 1
        var text: [UInt8] = []
        var start = at
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                text += bytes[start..<at]
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw error("a string is not valid UTF-8")
                }
                at += 1
                return string
            case UInt8(ascii: "\\"):
                text += bytes[start..<at]
                at += 1
                text += try escape()
                start = at
            case 0..<0x20: throw error("a control byte in a string")
            default: at += 1
            }
        }
        throw error("a string does not end")
    }

    private mutating func escape() throws(JSONError) -> [UInt8] {
        guard let byte = peek else { throw error("a string does not end") }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(try unicodeEscape()).utf8)
        default: throw error("an unknown escape")
        }
    }

    /// What follows `\u`: one unit, or two that are a surrogate pair.
    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let first = try hexUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        let mark = at
        if first < 0xdc00, take("\\"), take("u") {
            let second = try hexUnit()
            if (0xdc00...0xdfff).contains(second) {
                return Unicode.Scalar(0x10000 + ((first - 0xd800) << 10 | (second - 0xdc00))) ?? "\u{fffd}"
            }
        }
        at = mark
        return "\u{fffd}"
    }

    private mutating func hexUnit() throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("four hex digits are missing after \"\\u\"")
            }
            unit = unit << 4 | UInt32(digit)
            at += 1
        }
        return unit
    }
}
