/// Names that come in ascending order (of their bytes), and whether they hold others that are asked for in that order
/// too: the merge of a complete listing with a walk through the store. Keeps one name, however many there are.
public struct AscendingNames {
    /// One of the two was not in order, so that nothing can be said.
    public struct Disorder: Error, Sendable, Hashable, CustomStringConvertible {
        public let before: String
        public let after: String

        init(_ before: [UInt8], _ after: [UInt8]) {
            self.before = String(decoding: before, as: UTF8.self)
            self.after = String(decoding: after, as: UTF8.self)
        }

        public var description: String { "\"\(after)\" comes after \"\(before)\": names are out of order" }
    }

    private let following: () throws -> [UInt8]?
    private var head: [UInt8]?
    private var hasBegun = false
    private var asked: [UInt8]?

    /// - Parameter following: gives the next name, nil at the end; not asked again then.
    public init(_ following: @escaping () throws -> [UInt8]?) { self.following = following }

    /// Whether the name is among them.
    ///
    /// - Throws: `Disorder`, and what `following` throws.
    public mutating func hold(_ name: [UInt8]) throws -> Bool {
        if let asked, name.lexicographicallyPrecedes(asked) { throw Disorder(asked, name) }
        asked = name
        if !hasBegun {
            hasBegun = true
            head = try following()
        }
        while let head, head.lexicographicallyPrecedes(name) {
            self.head = try following()
            if let next = self.head, next.lexicographicallyPrecedes(head) { throw Disorder(head, next) }
        }
        return head == name
    }
}
