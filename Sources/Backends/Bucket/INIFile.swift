/// A file of sections and values (`[NAME]`, `key=value` or `key: value`), as Python's ConfigParser reads it.
struct INIFile {
    /// Section → key in lower case → value.
    private(set) var sections: [String: [String: String]] = [:]

    init(_ text: String) {
        var section: String?
        for raw in text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline) {
            let line = FieldText.trimmed(raw)
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), let end = line.lastIndex(of: "]") {
                let name = FieldText.trimmed(line[line.index(after: line.startIndex)..<end])
                sections[name, default: [:]] = sections[name] ?? [:]
                section = name
                continue
            }
            guard let section, let mark = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else { continue }
            let key = FieldText.trimmed(line[..<mark]).lowercased()
            sections[section, default: [:]][key] = FieldText.trimmed(line[line.index(after: mark)...])
        }
    }
}
