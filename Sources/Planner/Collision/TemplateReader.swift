/// A template as an automaton that reads a name byte by byte. It has to guess only how many digits each range takes;
/// two ways of reading one name are therefore two different sequences of states.
struct TemplateReader: Sendable {
    private enum Part: Sendable {
        case literal([UInt8])
        case range([DigitBlock])
    }

    struct State: Hashable, Sendable {
        var part: Int32
        /// Which block of a range; 0 in a literal.
        var block: Int32 = 0
        /// `read` counts a literal's bytes too.
        var position = DigitBlock.Position()
    }

    private let parts: [Part]

    init(_ template: Template) {
        var parts: [Part] = []
        for (number, literal) in template.literals.enumerated() {
            if !literal.isEmpty { parts.append(.literal(literal)) }
            if number < template.ranges.count { parts.append(.range(DigitBlock.blocks(of: template.ranges[number]))) }
        }
        self.parts = parts
    }

    /// States before the first byte.
    var initial: [State] { entries(0) }

    func isEnd(_ state: State) -> Bool { Int(state.part) == parts.count }

    /// The one byte that can follow, or nil when it is some digit or nothing.
    func onlyByte(_ state: State) -> UInt8? {
        guard Int(state.part) < parts.count, case .literal(let bytes) = parts[Int(state.part)] else { return nil }
        return bytes[Int(state.position.read)]
    }

    func next(_ state: State, _ byte: UInt8) -> [State] {
        guard Int(state.part) < parts.count else { return [] }
        var next = state
        switch parts[Int(state.part)] {
        case .literal(let bytes):
            guard bytes[Int(state.position.read)] == byte else { return [] }
            next.position.read += 1
            return Int(next.position.read) == bytes.count ? entries(state.part + 1) : [next]
        case .range(let blocks):
            guard ASCII.isDigit(byte) else { return [] }
            let block = blocks[Int(state.block)]
            guard let position = block.next(state.position, digit: byte - ASCII.zero) else { return [] }
            next.position = position
            return Int(position.read) == block.length ? entries(state.part + 1) : [next]
        }
    }

    private func entries(_ part: Int32) -> [State] {
        guard Int(part) < parts.count, case .range(let blocks) = parts[Int(part)] else { return [State(part: part)] }
        return blocks.indices.map { State(part: part, block: Int32($0)) }
    }
}
