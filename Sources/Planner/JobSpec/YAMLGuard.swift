/// Refuses what would make reading a job file long before it could be judged: much text, deep nesting, and anchors,
/// whose aliases can make a short file mean a very long one (Yams compares keys by their whole contents).
enum YAMLGuard {
    static let bytesMax = 256 << 10
    /// Open brackets, and `?` keys, at most.
    static let levelsMax = 64
    static let complexKeysMax = 8

    struct Refusal: Error {
        let mark: JobMark?
        let reason: String
    }

    static func check(_ bytes: [UInt8]) throws(Refusal) -> String {
        guard bytes.count <= bytesMax else {
            throw Refusal(mark: nil, reason: "has \(bytes.count) bytes; a job file has \(bytesMax >> 10) KiB at most")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Refusal(mark: firstBroken(bytes), reason: "is not UTF-8; save the file as UTF-8")
        }
        var levels = 0
        var complexKeys = 0
        for (number, line) in bytes.split(separator: newline, omittingEmptySubsequences: false).enumerated() {
            if isComment(line) { continue }
            for index in line.indices {
                switch line[index] {
                case UInt8(ascii: "["), UInt8(ascii: "{"): levels += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"): levels = max(0, levels - 1)
                case UInt8(ascii: "?"): complexKeys += isAlone(index, in: line) ? 1 : 0
                case UInt8(ascii: "&") where isAnchor(index, in: line):
                    throw Refusal(
                        mark: mark(number, index, line),
                        reason: "anchors and aliases (&name, *name) are not taken in job files; write the value out,"
                            + " or %26 for an & in a URL")
                default: break
                }
                guard levels <= levelsMax, complexKeys <= complexKeysMax else {
                    throw Refusal(mark: mark(number, index, line), reason: "is nested too deeply")
                }
            }
        }
        return text
    }

    private static let newline = UInt8(ascii: "\n")

    private static func mark(_ number: Int, _ index: Int, _ line: ArraySlice<UInt8>) -> JobMark {
        JobMark(line: number + 1, column: String(decoding: line[..<index], as: UTF8.self).unicodeScalars.count + 1)
    }

    private static func firstBroken(_ bytes: [UInt8]) -> JobMark? {
        for (number, line) in bytes.split(separator: newline, omittingEmptySubsequences: false).enumerated()
        where String(validating: line, as: UTF8.self) == nil {
            let good = line.indices.last { String(validating: line[..<$0], as: UTF8.self) != nil } ?? line.startIndex
            return mark(number, good, line)
        }
        return nil
    }

    /// A line of nothing but a comment. One with a quote may be the end of a quoted text, and more behind it.
    private static func isComment(_ line: ArraySlice<UInt8>) -> Bool {
        let first = line.first { $0 != ASCII.space && $0 != UInt8(ascii: "\t") }
        return first == ASCII.hash && !line.contains(UInt8(ascii: "\"")) && !line.contains(UInt8(ascii: "'"))
    }

    /// Whether an `&` may begin an anchor: a name follows, and what stands before is not the middle of a word.
    private static func isAnchor(_ index: Int, in line: ArraySlice<UInt8>) -> Bool {
        guard index + 1 < line.endIndex, isNameByte(line[index + 1]) else { return false }
        guard index > line.startIndex else { return true }
        let before = line[index - 1]
        return !isNameByte(before) && !"%=./~+;@$)&".utf8.contains(before)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        ASCII.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "-")
    }

    /// Whether a `?` has nothing or blanks behind it, as that of a complex key.
    private static func isAlone(_ index: Int, in line: ArraySlice<UInt8>) -> Bool {
        index + 1 == line.endIndex || line[index + 1] <= ASCII.space
    }
}
