/// Why a text is not XML that this reader takes; the position is in bytes.
public struct XMLError: Error, Sendable, Hashable, CustomStringConvertible {
    public let reason: String
    public let position: Int

    public var description: String { "bad XML at byte \(position): \(reason)" }
}

/// Reads an XML answer from front to back, element by element (XML 1.0, UTF-8).
///
/// Strict where it matters: no document types, no entities but the five of XML and numeric ones, tags that match, at most
/// 64 levels. Prefixes of names are dropped. Numeric references may name control characters: names of objects hold
/// them.
///
///     var reader = try XMLReader(body)
///     _ = try reader.root()
///     while let name = try reader.child() {
///         if name == "Key" { key = try reader.text() } else { try reader.skip() }
///     }
///     try reader.finish()
///
/// `child()` opens the next child of the innermost open element; each child must then be consumed: by `text()`, by
/// `skip()`, or by `child()` until that gives nil.
public struct XMLReader {
    /// Levels at most.
    public static let depthMax = 64
    private static let nameLengthMax = 256

    private let bytes: [UInt8]
    private var at = 0
    /// Names of the open elements, as ranges of `bytes`.
    private var open: [Range<Int>] = []
    /// The innermost open element was written `<name/>`.
    private var isEmpty = false
    private var attributes = 0..<0

    /// - Parameter maxBytes: documents beyond are refused unread.
    public init(_ bytes: [UInt8], maxBytes: Int = 64 << 20) throws(XMLError) {
        guard bytes.count <= maxBytes else {
            throw XMLError(reason: "it has more than \(maxBytes) bytes", position: 0)
        }
        self.bytes = bytes
        open.reserveCapacity(8)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    }

    /// Opens the document's outermost element.
    public mutating func root() throws(XMLError) -> String {
        while true {
            skipSpace()
            guard at < bytes.count, bytes[at] == 0x3C else { throw error("no element") }
            at += 1
            if let name = try markup() { return name }
        }
    }

    /// Opens the next child; nil at the end of the innermost open element, which is closed then.
    public mutating func child() throws(XMLError) -> String? {
        if isEmpty {
            isEmpty = false
            open.removeLast()
            return nil
        }
        while true {
            try find(0x3C)
            at += 1
            if at < bytes.count, bytes[at] == 0x2F {
                try close()
                return nil
            }
            if let name = try markup() { return name }
        }
    }

    /// The text of the innermost open element, which is closed then. Refuses child elements, and what is not UTF-8.
    public mutating func text() throws(XMLError) -> String {
        if isEmpty {
            isEmpty = false
            open.removeLast()
            return ""
        }
        let start = at
        while at < bytes.count, bytes[at] != 0x3C, bytes[at] != 0x26 { at += 1 }
        if at + 1 < bytes.count, bytes[at] == 0x3C, bytes[at + 1] == 0x2F {
            let found = try string(bytes[start..<at])
            at += 1
            try close()
            return found
        }
        return try mixedText(from: start)
    }

    /// Closes the innermost open element with all that is in it.
    public mutating func skip() throws(XMLError) {
        let level = open.count
        while open.count >= level { _ = try child() }
    }

    /// Refuses anything but comments and white space behind the outermost element.
    public mutating func finish() throws(XMLError) {
        while true {
            skipSpace()
            guard at < bytes.count else { return }
            guard open.isEmpty, bytes[at] == 0x3C else { throw error("text behind the end") }
            at += 1
            guard try markup() == nil else { throw error("a second outermost element") }
        }
    }

    /// An attribute of the element that was opened last; nil when it has none of that name.
    public func attribute(_ wanted: String) throws(XMLError) -> String? {
        var inner = self
        inner.at = attributes.lowerBound
        while true {
            inner.skipSpace()
            guard inner.at < attributes.upperBound else { return nil }
            let name = try inner.name()
            let value = try inner.attributeValue()
            if bytes[name].elementsEqual(wanted.utf8) { return try inner.decoded(value) }
        }
    }

    // MARK: - Markup

    /// Behind a `<`: opens an element and gives its name, or passes a comment, an instruction or a section.
    private mutating func markup() throws(XMLError) -> String? {
        guard at < bytes.count else { throw error("it ends within a tag") }
        switch bytes[at] {
        case 0x3F:
            try pass(through: "?>")
            return nil
        case 0x21:
            if bytes[at...].starts(with: "!--".utf8) {
                at += 3
                try pass(through: "-->")
            } else if !open.isEmpty, bytes[at...].starts(with: "![CDATA[".utf8) {
                try pass(through: "]]>")
            } else {
                throw error("a document type or another declaration")
            }
            return nil
        default:
            return try openElement()
        }
    }

    private mutating func openElement() throws(XMLError) -> String {
        guard open.count < Self.depthMax else { throw error("more than \(Self.depthMax) levels") }
        let range = try name()
        let start = at
        while true {
            skipSpace()
            guard at < bytes.count else { throw error("it ends within a tag") }
            if bytes[at] == 0x3E || bytes[at] == 0x2F { break }
            _ = try name()
            _ = try attributeValue()
        }
        attributes = start..<at
        if bytes[at] == 0x2F {
            at += 1
            guard at < bytes.count, bytes[at] == 0x3E else { throw error("a stray slash in a tag") }
            isEmpty = true
        }
        at += 1
        open.append(range)
        let colon = bytes[range].firstIndex(of: 0x3A).map { $0 + 1 } ?? range.lowerBound
        return try string(bytes[colon..<range.upperBound])
    }

    /// At the slash of `</name>`.
    private mutating func close() throws(XMLError) {
        at += 1
        guard let name = open.popLast() else { throw error("an end without beginning") }
        guard at + name.count < bytes.count else { throw error("it ends within a tag") }
        var (mine, theirs) = (name.lowerBound, at)
        while mine < name.upperBound {
            guard bytes[mine] == bytes[theirs] else { throw error("an end tag of another element") }
            mine += 1
            theirs += 1
        }
        at = theirs
        skipSpace()
        guard at < bytes.count, bytes[at] == 0x3E else { throw error("an end tag of another element") }
        at += 1
    }

    private mutating func name() throws(XMLError) -> Range<Int> {
        let start = at
        scan: while at < bytes.count {
            switch bytes[at] {
            case 0x61...0x7A, 0x41...0x5A, 0x5F, 0x3A, 0x80...0xFF: break
            case 0x30...0x39, 0x2D, 0x2E: if at == start { throw error("no name") }
            default: break scan
            }
            at += 1
        }
        guard at > start else { throw error("no name") }
        guard at - start <= Self.nameLengthMax else { throw error("an over-long name") }
        return start..<at
    }

    /// `="value"`, as a range without the quotes.
    private mutating func attributeValue() throws(XMLError) -> Range<Int> {
        skipSpace()
        guard at < bytes.count, bytes[at] == 0x3D else { throw error("an attribute without value") }
        at += 1
        skipSpace()
        guard at < bytes.count, bytes[at] == 0x22 || bytes[at] == 0x27 else {
            throw error("an attribute without quotes")
        }
        let quote = bytes[at]
        at += 1
        let start = at
        try find(quote)
        at += 1
        return start..<(at - 1)
    }

    private mutating func pass(through end: String) throws(XMLError) {
        let mark = Array(end.utf8)
        while at + mark.count <= bytes.count {
            if bytes[at] == mark[0], bytes[at..<(at + mark.count)].elementsEqual(mark) {
                at += mark.count
                return
            }
            at += 1
        }
        throw error("\(end) is missing")
    }

    // MARK: - Text

    /// Text with references, comments or sections in it; `start` is where it begins.
    private mutating func mixedText(from start: Int) throws(XMLError) -> String {
        var found = Array(bytes[start..<at])
        while at < bytes.count {
            switch bytes[at] {
            case 0x26:
                try reference(into: &found)
            case 0x3C:
                at += 1
                if at < bytes.count, bytes[at] == 0x2F {
                    let text = try string(found[...])
                    try close()
                    return text
                }
                if bytes[at...].starts(with: "![CDATA[".utf8) {
                    let begin = at + 8
                    try pass(through: "]]>")
                    guard at - 3 >= begin else { throw error("a broken section") }
                    found += bytes[begin..<(at - 3)]
                } else if try markup() != nil {
                    throw error("an element where text is expected")
                }
            default:
                found.append(bytes[at])
                at += 1
            }
        }
        throw error("it ends within an element")
    }

    private func decoded(_ range: Range<Int>) throws(XMLError) -> String {
        var inner = self
        inner.at = range.lowerBound
        var found: [UInt8] = []
        while inner.at < range.upperBound {
            if bytes[inner.at] == 0x26 {
                try inner.reference(into: &found)
            } else {
                found.append(bytes[inner.at])
                inner.at += 1
            }
        }
        return try string(found[...])
    }

    /// `&amp;` and the like, `&#10;`, `&#xA;`.
    private mutating func reference(into found: inout [UInt8]) throws(XMLError) {
        guard let end = bytes[at...].prefix(12).firstIndex(of: 0x3B) else { throw error("a broken reference") }
        let body = bytes[(at + 1)..<end]
        if body.first == 0x23 {
            let isHex = body.dropFirst().first == 0x78
            let digits = String(decoding: body.dropFirst(isHex ? 2 : 1), as: UTF8.self)
            guard digits.utf8.first != 0x2B, digits.utf8.first != 0x2D,
                let value = UInt32(digits, radix: isHex ? 16 : 10), value > 0, let scalar = Unicode.Scalar(value)
            else { throw error("a reference to no character") }
            found += Array(String(Character(scalar)).utf8)
        } else {
            switch String(decoding: body, as: UTF8.self) {
            case "amp": found.append(0x26)
            case "lt": found.append(0x3C)
            case "gt": found.append(0x3E)
            case "quot": found.append(0x22)
            case "apos": found.append(0x27)
            default: throw error("an entity that XML does not have of itself")
            }
        }
        at = end + 1
    }

    private func string(_ slice: ArraySlice<UInt8>) throws(XMLError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw error("not UTF-8") }
        return text
    }

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || (bytes[at] >= 0x09 && bytes[at] <= 0x0D) { at += 1 }
    }

    private mutating func find(_ byte: UInt8) throws(XMLError) {
        while at < bytes.count, bytes[at] != byte { at += 1 }
        guard at < bytes.count else { throw error("it ends within an element") }
    }

    private func error(_ reason: String) -> XMLError { XMLError(reason: reason, position: at) }
}
