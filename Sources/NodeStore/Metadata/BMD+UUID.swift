extension BMD {
    /// A new store's UUID, made once: nine characters, a letter first and no `-` or `_` last, as AIStore's own are.
    public static func makeUUID(using generator: inout some RandomNumberGenerator) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        let digits = Array("0123456789")
        func pick(_ alphabet: [Character]) -> Character { alphabet.randomElement(using: &generator) ?? "A" }
        let middle = (0..<7).map { _ in pick(letters + digits + ["-", "_"]) }
        return String([pick(letters)] + middle + [pick(letters + digits)])
    }

    /// Whether a text has the form of a store's UUID: nine characters or more of `[A-Za-z0-9_-]`, a letter first.
    public static func isUUID(_ text: String) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte & 0xdf) }
        guard text.utf8.count >= 9, let first = text.utf8.first, isLetter(first) else { return false }
        return text.utf8.allSatisfy {
            isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
    }
}
