/// One header field of a request or an answer.
public struct HTTPHeader: Sendable, Hashable {
    public var name: String
    public var value: String
    /// Whether `value` must never be shown or cross an origin. (Custom headers do not cross one either.)
    public var isSecret: Bool

    public init(_ name: String, _ value: String, isSecret: Bool = false) {
        self.name = name
        self.value = value
        self.isSecret = isSecret
    }
}

/// Header fields in the order in which they came; names compare without case.
///
/// Kept as bytes: of the dozen fields of an answer two or three are ever looked at, and become text only then.
public struct HTTPHeaders: Sendable, Hashable {
    /// Where a field lies in `bytes`: it begins where the one before it ends.
    private struct Field: Hashable {
        var nameCount: Int
        var end: Int
    }

    /// Name and value of each field, one after the other.
    private var bytes: [UInt8] = []
    private var layout: [Field] = []

    public init(_ fields: [HTTPHeader] = []) {
        for field in fields { append(field) }
    }

    public mutating func append(_ field: HTTPHeader) {
        append(name: field.name.utf8, value: field.value.utf8)
    }

    /// The fields as text; none of an answer is secret.
    public var fields: [HTTPHeader] {
        layout.indices.map { HTTPHeader(text(nameRange($0)), value($0)) }
    }

    /// The first field of that name.
    public subscript(_ name: String) -> String? {
        layout.indices.first { isNamed(name, $0) }.map(value)
    }

    /// Every field of that name, in order.
    public func all(_ name: String) -> [String] {
        layout.indices.filter { isNamed(name, $0) }.map(value)
    }

    /// All fields but those of that name.
    func without(_ name: String) -> HTTPHeaders {
        var rest = HTTPHeaders()
        for index in layout.indices where !isNamed(name, index) {
            rest.append(name: bytes[nameRange(index)], value: bytes[valueRange(index)])
        }
        return rest
    }

    /// Whether there is a field of that name.
    public func contains(_ name: String) -> Bool { layout.indices.contains { isNamed(name, $0) } }

    /// Whether there is a field whose name, in bytes as it came, is one of those.
    func contains(where isWanted: (_ name: Span<UInt8>) -> Bool) -> Bool {
        layout.indices.contains { isWanted(bytes.span.extracting(nameRange($0))) }
    }

    // MARK: - of an answer's lines

    /// - Parameter value: without spaces at its ends.
    mutating func append(name: some Collection<UInt8>, value: some Collection<UInt8>) {
        bytes += name
        bytes += value
        layout.append(Field(nameCount: name.count, end: bytes.count))
    }

    /// A folded line: more of the last field's value, after a space.
    mutating func continueLast(_ value: some Collection<UInt8>) {
        guard !layout.isEmpty else { return }
        bytes.append(0x20)
        bytes += value
        layout[layout.count - 1].end = bytes.count
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        layout.removeAll(keepingCapacity: true)
    }

    // MARK: - names

    static func sameName(_ a: String, _ b: String) -> Bool { sameName(a.utf8.span, b.utf8.span) }

    static func sameName(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        for index in a.indices where lower(a[index]) != lower(b[index]) { return false }
        return true
    }

    private func isNamed(_ name: String, _ index: Int) -> Bool {
        layout[index].nameCount == name.utf8.count
            && Self.sameName(bytes.span.extracting(nameRange(index)), name.utf8.span)
    }

    private func nameRange(_ index: Int) -> Range<Int> {
        let start = index == 0 ? 0 : layout[index - 1].end
        return start..<(start + layout[index].nameCount)
    }

    private func valueRange(_ index: Int) -> Range<Int> { nameRange(index).upperBound..<layout[index].end }

    private func value(_ index: Int) -> String { text(valueRange(index)) }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
}
