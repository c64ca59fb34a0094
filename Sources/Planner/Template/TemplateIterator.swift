/// The names of a template in order. Memory: one name.
public struct TemplateIterator: IteratorProtocol, Sendable {
    private var odometer: Odometer
    private var writer: NameWriter
    private var started = false
    private var ended = false

    init(_ template: Template) {
        odometer = Odometer(template.ranges)
        writer = NameWriter(literals: template.literals, firstRange: 0, odometer: odometer)
    }

    /// Puts the next name's bytes in place of what `buffer` holds; its memory is used again. False at the end, where
    /// `buffer` stays as it is.
    public mutating func next(into buffer: inout [UInt8]) -> Bool {
        guard advance() else { return false }
        buffer.removeAll(keepingCapacity: true)
        buffer.append(contentsOf: writer.bytes)
        return true
    }

    public mutating func next() -> String? {
        advance() ? String(decoding: writer.bytes, as: UTF8.self) : nil
    }

    private mutating func advance() -> Bool {
        guard !ended else { return false }
        guard started else {
            started = true
            return true
        }
        guard let changed = odometer.advance() else {
            ended = true
            return false
        }
        writer.update(changed: changed, odometer)
        return true
    }
}
