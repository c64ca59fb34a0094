import ObjectModel

/// What a value of a job file looks like: from it come the JSON Schema, the reference's table, and what messages ask for.
indirect enum JobShape: Sendable {
    /// A text with an inner form: `200MiB`, `90s`.
    struct Form: Sendable {
        let name: String
        let example: String
        /// For the schema; of ECMA 262.
        let pattern: String?
        /// Whether a bare number will do.
        var takesNumber = false
    }

    case text(Form)
    case flag
    case whole(ClosedRange<Int>)
    /// Above zero.
    case number
    case choice([String])
    case list(JobShape)
    case section(JobSectionNote)
    case either(JobShape, JobShape)

    /// `a size, e.g. 200MiB`, for "… is not …" and the reference.
    var title: String {
        switch self {
        case .text(let form): form.example.isEmpty ? form.name : "\(form.name), e.g. \(form.example)"
        case .flag: "true or false"
        case .whole(let range):
            range.upperBound == .max
                ? "a whole number from \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
        case .number: "a number above 0"
        case .choice(let words): words.joined(separator: ", ")
        case .list(let element): "a list of: \(element.title)"
        case .section: "a section of keys"
        case .either(let one, .list): "\(one.title), or a list of such"
        case .either(let one, let other): "\(one.title), or \(other.title)"
        }
    }
}

/// A section of a job file, without the type that it is read into.
struct JobSectionNote: Sendable {
    let keys: [JobKeyNote]
    /// What the schema says beside the keys.
    var rules: [String: JSONValue] = [:]
}

/// One key of a job file, without the type that it is read into.
struct JobKeyNote: Sendable {
    let name: String
    let shape: JobShape
    /// What is done where the key is left out; empty = nothing.
    let standard: String
    let isRequired: Bool
    /// One line: what it is for.
    let note: String
}
