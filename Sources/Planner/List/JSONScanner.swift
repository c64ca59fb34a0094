/// Reads JSON (RFC 8259) from a list as it comes, so that neither a list of millions is held nor the order of a map's
/// names is lost, and errors know their line. Our own because Foundation can do none of it: JSONDecoder and
/// JSONSerialization take a whole document and give a map without order.
struct JSONScanner {
    let input: ListInput

    /// The next byte that is not white space, not read.
    func peek() throws(ListError) -> UInt8? {
        while let byte = try input.peek() {
            guard byte == ASCII.space || byte == ASCII.tab || byte == ASCII.newline || byte == ASCII.carriageReturn
            else { return byte }
            _ = try input.next()
        }
        return nil
    }

    func expect(_ byte: UInt8, _ what: String) throws(ListError) {
        guard try take(byte) else { throw try unexpected(what) }
    }

    /// Reads `byte` when it is next.
    func take(_ byte: UInt8) throws(ListError) -> Bool {
        guard try peek() == byte else { return false }
        _ = try input.next()
        return true
    }

    func unexpected(_ what: String) throws(ListError) -> ListError {
        guard let byte = try peek() else { return input.error("expected \(what), but the list ends here") }
        let shown = byte > ASCII.space && byte < 0x7f ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
        return input.error("expected \(what), not \(shown)")
    }

    /// A string's bytes, unescaped. They may be no valid UTF-8.
    func string(_ what: String) throws(ListError) -> [UInt8] {
        try expect(ASCII.quote, what)
        var text: [UInt8] = []
        while true {
            guard let byte = try input.next() else { throw input.error("a string is not closed") }
            guard text.count < ListInput.lineBytesMax else { throw input.error("a string is longer than 1 MiB") }
            switch byte {
            case ASCII.quote: return text
            case ASCII.backslash: try escape(into: &text)
            case 0..<ASCII.space: throw input.error("a string holds a line end or a control byte")
            default: text.append(byte)
            }
        }
    }

    /// A number's text, or nil when the next value is none.
    func number() throws(ListError) -> [UInt8]? {
        guard let first = try peek(), first == UInt8(ascii: "-") || ASCII.isDigit(first) else { return nil }
        var text: [UInt8] = []
        while let byte = try input.peek(), ASCII.isDigit(byte) || "+-.eE".utf8.contains(byte), text.count < 64 {
            text.append(byte)
            _ = try input.next()
        }
        return text
    }

    /// Reads `null` when it is next.
    func null() throws(ListError) -> Bool {
        guard try peek() == UInt8(ascii: "n") else { return false }
        for byte in "null".utf8 {
            guard try input.next() == byte else { throw input.error("expected a string, a number or null") }
        }
        return true
    }

    private func escape(into text: inout [UInt8]) throws(ListError) {
        switch try input.next() {
        case ASCII.quote: text.append(ASCII.quote)
        case ASCII.backslash: text.append(ASCII.backslash)
        case ASCII.slash: text.append(ASCII.slash)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(ASCII.newline)
        case UInt8(ascii: "r"): text.append(ASCII.carriageReturn)
        case UInt8(ascii: "t"): text.append(ASCII.tab)
        case UInt8(ascii: "u"): try unicode(into: &text)
        default: throw input.error("a string holds an unknown escape")
        }
    }

    private func unicode(into text: inout [UInt8]) throws(ListError) {
        var value = try fourDigits()
        if (0xd800..<0xdc00).contains(value) {
            guard try input.next() == ASCII.backslash, try input.next() == UInt8(ascii: "u") else {
                throw input.error("a string holds half a surrogate pair")
            }
            let low = try fourDigits()
            guard (0xdc00..<0xe000).contains(low) else { throw input.error("a string holds half a surrogate pair") }
            value = 0x10000 + (value - 0xd800) << 10 + (low - 0xdc00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw input.error("a string holds half a surrogate pair") }
        text += Array(String(Character(scalar)).utf8)
    }

    private func fourDigits() throws(ListError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = try input.next().flatMap(ASCII.hexValue) else {
                throw input.error("\\u needs four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
