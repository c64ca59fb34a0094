extension SeededGenerator {
    /// One to six of: bytes taken out, repeated, replaced, cut off, or one of `fragments` put in.
    public mutating func mutated(_ original: [UInt8], fragments: [[UInt8]]) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...6, using: &self) {
            let at = Int.random(in: 0...bytes.count, using: &self)
            let end = min(bytes.count, at + Int.random(in: 0...12, using: &self))
            switch Int.random(in: 0..<5, using: &self) {
            case 0: bytes.removeSubrange(at..<end)
            case 1: bytes.insert(contentsOf: fragments.randomElement(using: &self) ?? [], at: at)
            case 2: bytes.insert(contentsOf: bytes[at..<end], at: at)
            // Most of them stay whole.
            case 3 where Int.random(in: 0..<3, using: &self) == 0: bytes.removeSubrange(at...)
            default:
                bytes.replaceSubrange(at..<end, with: (at..<end).map { _ in UInt8.random(in: 0...255, using: &self) })
            }
        }
        return bytes
    }
}
