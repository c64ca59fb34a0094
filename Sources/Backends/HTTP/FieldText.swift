/// Small parts of the grammar of header values.
enum FieldText {
    /// Without spaces and tabs at either end; most have none.
    static func trimmed(_ text: String) -> String {
        if let first = text.utf8.first, let last = text.utf8.last, !isSpace(first), !isSpace(last) { return text }
        return trimmed(text[...])
    }

    /// Without spaces and tabs at either end.
    static func trimmed(_ text: some StringProtocol) -> String {
        let bytes = Array(text.utf8)
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }

    /// The members of a comma-separated list, trimmed, empty ones left out; commas inside `"…"` do not separate.
    static func list(_ values: [String]) -> [String] {
        values.flatMap { value -> [String] in
            var members: [String] = []
            var member: [UInt8] = []
            var isQuoted = false
            var isEscaped = false
            for byte in value.utf8 {
                if byte == 0x2C && !isQuoted {
                    members.append(String(decoding: member, as: UTF8.self))
                    member.removeAll(keepingCapacity: true)
                    continue
                }
                if byte == 0x22 && !isEscaped { isQuoted.toggle() }
                isEscaped = isQuoted && byte == 0x5C && !isEscaped
                member.append(byte)
            }
            members.append(String(decoding: member, as: UTF8.self))
            return members.map { trimmed($0) }.filter { !$0.isEmpty }
        }
    }

    /// `key=value` split at the first `=`, the key in lower case; nil without a key or a value.
    static func keyed(_ member: String) -> (key: String, value: String)? {
        guard let equals = member.utf8.firstIndex(of: 0x3D) else { return nil }
        let key = trimmed(member[..<equals]).lowercased()
        let value = trimmed(member[member.utf8.index(after: equals)...])
        return key.isEmpty || value.isEmpty ? nil : (key, value)
    }

    /// A media type in lower case without its parameters; nil when the field is absent or empty.
    static func mediaType(_ value: String?) -> String? {
        guard let value else { return nil }
        let type = trimmed(value.prefix { $0 != ";" }).lowercased()
        return type.isEmpty ? nil : type
    }

    /// Content codings in order, in lower case, without `identity`.
    static func contentCodings(_ headers: HTTPHeaders) -> [String] {
        list(headers.all("Content-Encoding")).map { $0.lowercased() }.filter { $0 != "identity" }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
