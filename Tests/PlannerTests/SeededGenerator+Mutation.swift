import TestSupport

extension SeededGenerator {
    init(_ seed: UInt64) { self.init(state: seed) }

    /// One to three of: a byte changed, put in, or taken out.
    mutating func mutated(_ text: [UInt8], alphabet: [UInt8]) -> [UInt8] {
        var text = text
        for _ in 0..<Int.random(in: 1...3, using: &self) {
            let byte = alphabet.randomElement(using: &self) ?? 0
            let place = Int.random(in: 0...text.count, using: &self)
            switch Int.random(in: 0..<4, using: &self) {
            case 0 where place < text.count: text[place] = byte
            case 1 where place < text.count: text.remove(at: place)
            case 2 where place < text.count: text.removeSubrange(place...)
            default: text.insert(byte, at: place)
            }
        }
        return text
    }
}
