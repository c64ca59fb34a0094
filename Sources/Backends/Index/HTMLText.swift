/// Character references of HTML, as far as servers write them into names.
enum HTMLText {
    private static let named: [String: [UInt8]] = [
        "amp": [0x26], "lt": [0x3C], "gt": [0x3E], "quot": [0x22], "apos": [0x27], "nbsp": [0xC2, 0xA0],
    ]

    /// Decoded once; an unknown or unfinished reference stays as it is. Other bytes pass unchanged.
    static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard bytes.contains(0x26) else { return Array(bytes) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var at = bytes.startIndex
        while at < bytes.endIndex {
            if bytes[at] == 0x26, let end = bytes[at...].prefix(12).firstIndex(of: 0x3B),
                let character = character(String(decoding: bytes[(at + 1)..<end], as: UTF8.self))
            {
                result += character
                at = end + 1
            } else {
                result.append(bytes[at])
                at += 1
            }
        }
        return result
    }

    private static func character(_ reference: String) -> [UInt8]? {
        guard reference.hasPrefix("#") else { return named[reference] }
        let digits = reference.dropFirst()
        let isHex = digits.first == "x" || digits.first == "X"
        let number = isHex ? digits.dropFirst() : digits
        guard number.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2D }), let code = UInt32(number, radix: isHex ? 16 : 10),
            let scalar = Unicode.Scalar(code)
        else { return nil }
        return Array(String(Character(scalar)).utf8)
    }
}
