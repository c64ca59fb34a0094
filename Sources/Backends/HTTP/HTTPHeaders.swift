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
public struct HTTPHeaders: Sendable, Hashable {
    public private(set) var fields: [HTTPHeader]

    public init(_ fields: [HTTPHeader] = []) { self.fields = fields }

    public mutating func append(_ field: HTTPHeader) { fields.append(field) }

    /// The first field of that name.
    public subscript(_ name: String) -> String? {
        fields.first { Self.sameName($0.name, name) }?.value
    }

    /// Every field of that name, in order.
    public func all(_ name: String) -> [String] {
        fields.filter { Self.sameName($0.name, name) }.map(\.value)
    }

    static func sameName(_ a: String, _ b: String) -> Bool {
        guard a.utf8.count == b.utf8.count else { return false }
        let (left, right) = (a.utf8.span, b.utf8.span)
        for index in left.indices where lower(left[index]) != lower(right[index]) { return false }
        return true
    }

    private static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
}
