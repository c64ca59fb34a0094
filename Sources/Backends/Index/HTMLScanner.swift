/// Cuts HTML into tags and the text between them, in one pass over the bytes, without building a tree. Comments,
/// declarations and the insides of `script` and `style` are passed over. Never fails: what is cut off or is not
/// HTML comes out as text or not at all.
struct HTMLScanner {
    struct Tag {
        /// Lower case.
        var name: String
        var isClosing: Bool
        /// Everything between the name and `>`.
        var attributes: Range<Int>
    }

    enum Token {
        case tag(Tag)
        case text(Range<Int>)
    }

    let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Token? {
        while at < bytes.count {
            guard bytes[at] == 0x3C else { return .text(takeText()) }
            if matches("<!--", at: at) {
                at = end(of: "-->", from: at + 4)
            } else if at + 1 < bytes.count, bytes[at + 1] == 0x21 || bytes[at + 1] == 0x3F {
                at = end(of: ">", from: at + 2)
            } else if let tag = takeTag() {
                if !tag.isClosing && (tag.name == "script" || tag.name == "style") { skipInside(tag.name) }
                return .tag(tag)
            } else {
                return .text(takeText())
            }
        }
        return nil
    }

    /// The value of an attribute, entities decoded; nil when the tag has none of that name.
    func attribute(_ wanted: String, of tag: Tag) -> [UInt8]? {
        var cursor = tag.attributes.lowerBound
        let end = tag.attributes.upperBound
        while cursor < end {
            while cursor < end, Self.isSpace(bytes[cursor]) || bytes[cursor] == 0x2F { cursor += 1 }
            let nameStart = cursor
            while cursor < end, !Self.isSpace(bytes[cursor]), bytes[cursor] != 0x3D, bytes[cursor] != 0x2F {
                cursor += 1
            }
            let name = nameStart..<cursor
            while cursor < end, Self.isSpace(bytes[cursor]) { cursor += 1 }
            guard cursor < end, bytes[cursor] == 0x3D else {
                if name.isEmpty && cursor < end { cursor += 1 }
                continue
            }
            cursor += 1
            let value = takeValue(&cursor, end)
            if equals(name, wanted) { return HTMLText.decoded(bytes[value]) }
        }
        return nil
    }

    // MARK: Pieces

    /// At least one byte, up to the next `<`.
    private mutating func takeText() -> Range<Int> {
        let start = at
        at += 1
        while at < bytes.count, bytes[at] != 0x3C { at += 1 }
        return start..<at
    }

    /// nil, and nothing taken, when no name follows the `<`. A tag that never ends takes the rest.
    private mutating func takeTag() -> Tag? {
        var cursor = at + 1
        let isClosing = cursor < bytes.count && bytes[cursor] == 0x2F
        if isClosing { cursor += 1 }
        let nameStart = cursor
        while cursor < bytes.count, Self.isNameByte(bytes[cursor]) { cursor += 1 }
        guard cursor > nameStart, cursor - nameStart <= 32 else { return nil }
        let name = String(decoding: bytes[nameStart..<cursor], as: UTF8.self).lowercased()
        let attributesStart = cursor
        while cursor < bytes.count, bytes[cursor] != 0x3E {
            let isAssignment = bytes[cursor] == 0x3D
            cursor += 1
            if isAssignment { _ = takeValue(&cursor, bytes.count) }
        }
        let isWhole = cursor < bytes.count
        at = min(cursor + 1, bytes.count)
        return isWhole
            ? Tag(name: name, isClosing: isClosing, attributes: attributesStart..<cursor)
            : Tag(
                name: "", isClosing: false, attributes: cursor..<cursor)
    }

    /// Moves `cursor` behind a value, quoted or not.
    private func takeValue(_ cursor: inout Int, _ end: Int) -> Range<Int> {
        while cursor < end, Self.isSpace(bytes[cursor]) { cursor += 1 }
        guard cursor < end else { return cursor..<cursor }
        let quote = bytes[cursor]
        if quote == 0x22 || quote == 0x27 {
            let start = cursor + 1
            cursor = start
            while cursor < end, bytes[cursor] != quote { cursor += 1 }
            let value = start..<cursor
            cursor = min(cursor + 1, end)
            return value
        }
        let start = cursor
        while cursor < end, !Self.isSpace(bytes[cursor]), bytes[cursor] != 0x3E { cursor += 1 }
        return start..<cursor
    }

    /// To the closing tag of `name`, or to the end.
    private mutating func skipInside(_ name: String) {
        while at < bytes.count {
            if bytes[at] == 0x3C, matches("</\(name)", at: at) { return }
            at += 1
        }
    }

    /// The index behind the next `marker`, or the end.
    private func end(of marker: String, from start: Int) -> Int {
        guard let first = marker.utf8.first else { return start }
        var cursor = start
        while cursor < bytes.count {
            if bytes[cursor] == first, matches(marker, at: cursor) { return cursor + marker.utf8.count }
            cursor += 1
        }
        return bytes.count
    }

    /// Without regard to case.
    private func matches(_ marker: String, at start: Int) -> Bool {
        start + marker.utf8.count <= bytes.count && equals(start..<start + marker.utf8.count, marker)
    }

    private func equals(_ range: Range<Int>, _ text: String) -> Bool {
        range.count == text.utf8.count && zip(bytes[range], text.utf8).allSatisfy { Self.lower($0) == $1 }
    }

    private static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
}
