import Hashing
import ObjectModel

extension LOM {
    /// The xattr, in the order of records that AIStore writes. Throws rather than write what a node could not read;
    /// leaves out optional custom keys when it would become too long (`fitted`).
    public func encoded() throws(LOMError) -> [UInt8] {
        let lom = try fitted()
        let payload = lom.payload()
        var bytes: [UInt8] = [2, 1]
        bytes.reserveCapacity(10 + payload.count)
        Self.append(XXH64.hash(payload.span.bytes, seed: HRW.seed), to: &bytes)
        return bytes + payload
    }

    /// This metadata as it will be written: without `verified_by`, then `orig_url`, then `LastModified` when custom
    /// keys exceed 2,048 bytes or the whole 4,000. Throws when nothing more can be left out, and for whatever AIStore
    /// cannot represent.
    public func fitted() throws(LOMError) -> LOM {
        guard Self.canRepresent(size: size) else { throw .sizeNotRepresentable(size) }
        guard Self.canRepresent(lid) else { throw .numberNotRepresentable("bucket ID") }
        guard Self.canRepresent(flags) else { throw .numberNotRepresentable("set of flags") }
        try validateTexts()
        var lom = self
        for key in CustomKeys.optional {
            if lom.isShortEnough { return lom }
            lom.custom[key] = nil
        }
        guard lom.custom.byteCount <= Self.customByteCountMax else { throw .customTooLong(lom.custom.byteCount) }
        guard lom.isShortEnough else { throw .tooLong(10 + lom.payload().count) }
        return lom
    }

    private var isShortEnough: Bool {
        custom.byteCount <= Self.customByteCountMax && 10 + payload().count <= Self.byteCountMax
    }

    /// A Swift string is valid UTF-8 and so never holds e3 2f bd; what is left are the inner separators.
    private func validateTexts() throws(LOMError) {
        func holds(_ byte: UInt8, _ text: String) -> Bool { text.utf8.contains(byte) }
        if copies.contains(where: { $0.isEmpty || holds(0, $0) }) { throw .badText("copy") }
        for pair in custom.pairs {
            if pair.key.isEmpty || holds(1, pair.key) { throw .badText("custom key") }
            if holds(1, pair.value) { throw .badText("value of \(pair.key)") }
        }
    }

    private func payload() -> [UInt8] {
        var bytes: [UInt8] = []
        func start(_ key: Record) {
            if !bytes.isEmpty { bytes += Self.separator }
            bytes += [0, UInt8(truncatingIfNeeded: key.rawValue)]
        }
        start(.checksumType)
        bytes += checksumType.rawValue.utf8
        start(.checksumValue)
        bytes += checksumValue.utf8
        if let version, !version.isEmpty {
            start(.version)
            bytes += version.utf8
        }
        start(.size)
        Self.append(UInt64(size), to: &bytes)
        start(.lid)
        Self.append(lid, to: &bytes)
        start(.flags)
        Self.append(flags, to: &bytes)
        if !copies.isEmpty {
            start(.copies)
            bytes += copies.map { Array($0.utf8) }.joined(separator: [0])
        }
        if !custom.isEmpty {
            start(.custom)
            bytes += custom.pairs.map { Array($0.key.utf8) + [1] + Array($0.value.utf8) }.joined(separator: [1])
        }
        return bytes
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
