import Foundation
import ObjectModel

extension JobValue where Value == JobText {
    /// Any text.
    static let text = JobValue.text(.init(name: "a text", example: "", pattern: nil)) { text, _ in text }

    /// A text of one pattern, the same for reader and schema.
    static func text(_ name: String, _ example: String, _ pattern: String) -> JobValue {
        text(.init(name: name, example: example, pattern: pattern)) { text, _ in
            text.value.range(of: pattern, options: .regularExpression) == nil ? nil : text
        }
    }

    /// A file or folder; a relative one is beside the job file.
    static let path = JobValue.text(.init(name: "a path", example: "", pattern: nil)) {
        text, reading throws(JobText.Fault) in
        try resolved(text, reading)
    }

    /// A file, or an `http://` or `https://` URL.
    static let place = JobValue.text(.init(name: "a file or a URL", example: "", pattern: nil)) {
        text, reading throws(JobText.Fault) in
        if text.value == "-" { return text }
        return text.value.contains("://") ? try withoutLogin(text) : try resolved(text, reading)
    }

    /// A URL without a login.
    static let url = JobValue.text(.init(name: "a URL", example: "https://host:9000", pattern: "://")) {
        text, _ throws(JobText.Fault) in
        text.value.contains("://") ? try withoutLogin(text) : nil
    }

    private static func resolved(_ text: JobText, _ reading: JobReading) throws(JobText.Fault) -> JobText {
        if text.value.hasPrefix("~") { throw .init(reason: "~ is not expanded in job files; write ${HOME}") }
        return text.value.hasPrefix("/") ? text : text.with(value: reading.directory + text.value)
    }

    /// Refuses a login that stands in the file itself; one from the environment may be there.
    static func withoutLogin(_ text: JobText) throws(JobText.Fault) -> JobText {
        guard let mark = text.written.range(of: "://") else { return text }
        let authority = text.written[mark.upperBound...].prefix { !"/?#".contains($0) }
        guard let at = authority.lastIndex(of: "@"), at != authority.startIndex else { return text }
        let login = authority[..<at]
        let secret = login.firstIndex(of: ":").map { login[login.index(after: $0)...] } ?? login
        guard JobText(written: String(secret), value: "").literal.isEmpty else {
            throw .init(
                reason: "a login does not belong into a job file; write https://NAME:${PASSWORD}@host, or use .netrc")
        }
        return text
    }
}

extension JobValue where Value == [JobText] {
    static let texts = JobValue<JobText>.text.oneOrMore
    static let paths = JobValue<JobText>.path.oneOrMore
    static let places = JobValue<JobText>.place.oneOrMore
}

extension JobValue where Value == [Int] {
    /// Numbers of a range.
    static let numbers = JobValue<Int>.whole(0...Int.max).list
}

extension JobValue where Value == Bool {
    static let flag = JobValue.scalar(.flag) { text in
        if case .flag(let flag) = PlainScalar(text) { flag } else { nil }
    }
}

extension JobValue where Value == Int {
    static func whole(_ range: ClosedRange<Int>) -> JobValue {
        scalar(.whole(range)) { text in Int(text).flatMap { range.contains($0) ? $0 : nil } }
    }
}

extension JobValue where Value == Double {
    /// Above zero.
    static let number = JobValue.scalar(.number) { text in
        Double(text).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    }

    /// Seconds.
    static let duration = JobValue.text(
        .init(
            name: "a duration", example: "90s or 1h30m",
            pattern: "^([0-9.]+d)?([0-9.]+h)?([0-9.]+m)?([0-9.]+s)?([0-9.]+ms)?([0-9.]+us)?$|^[0-9.]+$",
            takesNumber: true)
    ) { text, _ in DurationText.parse(text.value).flatMap { $0 > 0 ? $0 : nil } }

    /// A share of one.
    static let share = JobValue.text(
        .init(name: "a percentage", example: "2%", pattern: "^[0-9]+(\\.[0-9]+)?%$")
    ) { text, _ in PercentText.parse(text.value) }
}

extension JobValue where Value == Int64 {
    /// Bytes.
    static let size = JobValue.text(
        .init(
            name: "a size", example: "200MiB", pattern: "^[0-9.]+ ?([kKmMgGtTpP]([iI]?[bB])?|[bB])?$", takesNumber: true
        )
    ) { text, _ in ByteSize.parse(text.value).flatMap { $0 > 0 ? $0 : nil } }
}

extension JobValue where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    static var choice: JobValue {
        scalar(.choice(Value.allCases.map(\.rawValue))) { Value(rawValue: $0) }
    }
}

extension JobValue where Value == DailyWindow {
    static let window = JobValue.text(
        .init(
            name: "a daily window", example: "\"22:00-06:00\"",
            pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$")
    ) { text, _ in DailyWindow(text.value) }
}
