/// `--header 'K: V'` and `--header-file FILE`.
extension NetworkOptions {
    /// Fields that aismove writes itself, or that would change which bytes are stored.
    static let reservedFields: Set<String> = [
        "accept-encoding", "connection", "content-length", "expect", "if-match", "if-modified-since", "if-none-match",
        "if-range", "if-unmodified-since", "range", "te", "transfer-encoding", "upgrade",
    ]

    /// Adds one header written `Name: value`. It goes to the source's own origin only and is never shown.
    public mutating func addHeader(_ line: String) throws(CredentialError) {
        headers.append(try Self.header(parsing: line))
    }

    /// Adds the headers of a file, one a line; empty lines and lines beginning with `#` are skipped. The file must be
    /// readable by its owner only.
    public mutating func addHeaders(file path: String) throws(CredentialError) {
        let text = try SecretFile.read(path, what: "header file")
        for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if raw.isEmpty || raw.hasPrefix("#") { continue }
            do {
                headers.append(try Self.header(parsing: String(raw)))
            } catch {
                throw CredentialError("header file \(path), line \(index + 1): \(error)")
            }
        }
    }

    static func header(parsing line: String) throws(CredentialError) -> HTTPHeader {
        guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            throw CredentialError("a header is written 'Name: value'; there is no colon")
        }
        let name = String(line[..<colon])
        let value = HeaderField.trimmed(line[line.utf8.index(after: colon)...])
        guard HeaderField.isName(name) else {
            throw CredentialError("a header is written 'Name: value'; the name is not one")
        }
        guard HeaderField.isValue(value) else { throw CredentialError("header \(name) holds a control byte") }
        guard !reservedFields.contains(name.lowercased()) else {
            throw CredentialError("header \(name) is aismove's own to send; leave it out")
        }
        return HTTPHeader(name, value, isSecret: true)
    }
}

/// What RFC 9110 section 5 allows in a field.
enum HeaderField {
    static func isName(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy(isTokenByte)
    }

    /// No control byte except tab: nothing that could begin another line.
    static func isValue(_ value: some StringProtocol) -> Bool {
        value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
    }

    static func trimmed(_ text: Substring) -> String {
        var bytes = text.utf8[...]
        while let first = bytes.first, isBlank(first) { bytes = bytes.dropFirst() }
        while let last = bytes.last, isBlank(last) { bytes = bytes.dropLast() }
        return String(Substring(bytes))
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }

    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: "!#$%&'*+.^_`|~".utf8.contains(byte)
        }
    }
}
