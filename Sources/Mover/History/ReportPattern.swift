import Foundation

/// Where the reports of a job's runs go: a path whose file name may hold `{job}` and `{time}`.
///
/// `{time}` becomes the start of the run, `20261127T220000Z`: UTC, of one width, so that names sort as times do.
public struct ReportPattern: Sendable, Hashable {
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    private enum Piece: Sendable, Hashable {
        case text(String)
        /// Of any job: a pattern that is not filled in.
        case job
        case time
    }

    /// The folder, with its slash; empty for the working directory.
    public let folder: String
    private let pieces: [Piece]

    /// - Parameter job: the job's name; nil stands for those of all jobs.
    public init(_ text: String, job: String?) throws(Fault) {
        let text = job.map { text.replacing("{job}", with: Self.harmless($0)) } ?? text
        let slash = text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex
        folder = String(text[..<slash])
        guard !folder.contains("{time}"), !folder.contains("{job}") else {
            throw Fault(description: "\(text): {time} and {job} stand in the file's name, not in a folder's")
        }
        var pieces: [Piece] = []
        var rest = text[slash...]
        while let open = rest.firstIndex(of: "{") {
            let name = rest[open...].prefix { $0 != "}" }.dropFirst()
            guard name == "time" || name == "job", name.endIndex < rest.endIndex else {
                throw Fault(description: "\(text): {\(name) is not known; a report's name may hold {job} and {time}")
            }
            pieces.append(.text(String(rest[..<open])))
            pieces.append(name == "time" ? .time : .job)
            rest = rest[name.endIndex...].dropFirst()
        }
        pieces.append(.text(String(rest)))
        guard !text[slash...].isEmpty else { throw Fault(description: "\(text): is a folder; name a file in it") }
        guard pieces.filter({ $0 == .time }).count <= 1, pieces.filter({ $0 == .job }).count <= 1 else {
            throw Fault(description: "\(text): {time} and {job} stand there once")
        }
        self.pieces = pieces.filter { $0 != .text("") }
    }

    /// A job's name as part of a file's name: what is not a letter, a digit, `.`, `_` or `-` is percent-escaped, so
    /// that two names never become one.
    static func harmless(_ job: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return job.utf8.reduce(into: "") { text, byte in
            let character = Character(UnicodeScalar(byte))
            let isPlain = character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
            text += isPlain ? String(character) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }
    }

    /// Whether each run has a report of its own.
    public var hasTime: Bool { pieces.contains(.time) }
    /// Whether it stands for the reports of several jobs.
    public var isOfAllJobs: Bool { pieces.contains(.job) }

    /// The report of a run that began at `start`.
    public func path(_ start: Date) -> String {
        folder
            + pieces.map { piece in
                switch piece {
                case .text(let text): text
                case .job: "{job}"
                case .time: Self.stamp(start)
                }
            }
            .joined()
    }

    static func stamp(_ start: Date) -> String {
        start.formatted(.iso8601).replacing("-", with: "").replacing(":", with: "")
    }

    /// The time in a file's name, when the whole name is one of the pattern's, byte for byte. A pattern without time
    /// has `""`.
    func time(in name: String) -> String? {
        var rest = Array(name.utf8)[...]
        var time = ""
        for (index, piece) in pieces.enumerated() {
            switch piece {
            case .text(let text):
                guard rest.starts(with: text.utf8) else { return nil }
                rest = rest.dropFirst(text.utf8.count)
            case .time:
                guard Self.isStamp(rest.prefix(Self.stampCount)) else { return nil }
                time = String(decoding: rest.prefix(Self.stampCount), as: UTF8.self)
                rest = rest.dropFirst(Self.stampCount)
            case .job:
                // What follows a job's name has a known width, so the name is what is before it.
                let width = Self.width(of: pieces[(index + 1)...])
                guard rest.count > width else { return nil }
                rest = rest.suffix(width)
            }
        }
        return rest.isEmpty ? time : nil
    }

    /// Bytes.
    private static func width(of pieces: ArraySlice<Piece>) -> Int {
        pieces.reduce(0) { sum, piece in
            if case .text(let text) = piece { sum + text.utf8.count } else { sum + stampCount }
        }
    }

    private static let stampCount = 16

    private static func isStamp(_ text: ArraySlice<UInt8>) -> Bool {
        let bytes = Array(text)
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        guard bytes.count == stampCount else { return false }
        return bytes[8] == UInt8(ascii: "T") && bytes[15] == UInt8(ascii: "Z")
            && bytes[..<8].allSatisfy(isDigit) && bytes[9..<15].allSatisfy(isDigit)
    }
}
