/// Writes tars by hand, right or wrong in just the way a test needs.
struct TarMaker {
    var bytes: [UInt8] = []

    static let end = [UInt8](repeating: 0, count: 1024)

    enum Magic { case v7, ustar, gnu }

    /// A header with its checksum; `patch` changes it before the checksum is made.
    static func header(
        _ name: String, size: Int = 0, type: Character = "0", magic: Magic = .ustar, signed: Bool = false,
        patch: (inout [UInt8]) -> Void = { _ in }
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { block[offset + index] = byte }
        }
        put(String(name.prefix(100)), at: 0)
        put("0000644\0", at: 100)
        put(octal(size, 11), at: 124)
        put(octal(1_700_000_000, 11), at: 136)
        block[156] = type.asciiValue ?? 0
        switch magic {
        case .v7: break
        case .ustar: put("ustar\u{0}00", at: 257)
        case .gnu: put("ustar  \0", at: 257)
        }
        patch(&block)
        seal(&block, signed: signed)
        return block
    }

    static func seal(_ block: inout [UInt8], signed: Bool = false) {
        for offset in 148..<156 { block[offset] = 0x20 }
        let sum = block.reduce(0) { $0 + (signed ? Int(Int8(bitPattern: $1)) : Int($1)) }
        for (index, byte) in (octal(sum, 6) + "\0 ").utf8.enumerated() { block[148 + index] = byte }
    }

    static func octal(_ value: Int, _ width: Int) -> String {
        let digits = String(value, radix: 8)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    mutating func add(_ header: [UInt8], _ data: [UInt8] = []) {
        bytes += header + data + [UInt8](repeating: 0, count: -data.count & 511)
    }

    mutating func add(file name: String, _ data: [UInt8] = [], magic: Magic = .ustar) {
        add(Self.header(name, size: data.count, magic: magic), data)
    }

    mutating func add(pax records: [(String, String)], type: Character = "x") {
        var payload: [UInt8] = []
        for (key, value) in records {
            let body = " \(key)=\(value)\n".utf8.count
            var length = body + 1
            while String(length).utf8.count + body != length { length += 1 }
            payload += Array("\(length) \(key)=\(value)\n".utf8)
        }
        add(Self.header("PaxHeaders/x", size: payload.count, type: type), payload)
    }

    var ended: [UInt8] { bytes + Self.end }
}
