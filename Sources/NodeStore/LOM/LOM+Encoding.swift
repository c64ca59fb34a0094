import Hashing
import ObjectModel

extension LOM {
    /// The xattr, in the order of records that AIStore writes. Throws rather than write what a node could not read;
    /// leaves out optional custom keys when it would become too long (`fitted`).
    public func encoded() throws(LOMError) -> [UInt8] {
        let lom = try fitted()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lom.byteCount)
        bytes.append(2)
        bytes.append(1)
        Self.append(0, to: &bytes)
        lom.appendRecords(to: &bytes)
        let hash = XXH64.hash(bytes.span.bytes.extracting(10...), seed: HRW.seed)
        for index in 0..<8 { bytes[2 + index] = UInt8(truncatingIfNeeded: hash >> UInt64(56 - 8 * index)) }
        return bytes
    }

    /// This metadata as it will be written: without `verified_by`, then `orig_url`, then `LastModified` when custom
    /// keys exceed 2,048 bytes or the whole 4,000. Throws when nothing more can be left out, and for whatever AIStore
    /// cannot represent.
    public func fitted() throws(LOMError) -> LOM {
        guard Self.canRepresent(size: size) else { throw .sizeNotRepresentable(size) }
        guard Self.canRepresent(lid) else { throw .numberNotRepresentable("bucket ID") }
        guard Self.canRepresent(flags) else { throw .numberNotRepresentable("set of flags") }
        try validateTexts()
        if isShortEnough { return self }
        var lom = self
        for key in CustomKeys.optional {
            lom.custom[key] = nil
            if lom.isShortEnough { return lom }
        }
        guard lom.custom.byteCount <= Self.customByteCountMax else { throw .customTooLong(lom.custom.byteCount) }
        guard lom.isShortEnough else { throw .tooLong(lom.byteCount) }
        return lom
    }

    private var isShortEnough: Bool {
        custom.byteCount <= Self.customByteCountMax && byteCount <= Self.byteCountMax
    }

    /// Bytes of the whole xattr: preamble, five fixed records with their keys and separators, and the optional ones.
    private var byteCount: Int {
        let extra = Self.separator.count + 2
        var count = 10 + (2 + checksumType.rawValue.utf8.count) + (extra + checksumValue.utf8.count) + 3 * (extra + 8)
        if let version, !version.isEmpty { count += extra + version.utf8.count }
        if !copies.isEmpty { count += extra + copies.count - 1 + copies.reduce(0) { $0 + $1.utf8.count } }
        if !custom.isEmpty { count += extra + 2 * custom.pairs.count - 1 + custom.byteCount }
        return count
    }

    /// A Swift string is valid UTF-8 and so never holds e3 2f bd; what is left are the inner separators.
    private func validateTexts() throws(LOMError) {
        func holds(_ byte: UInt8, _ text: String) -> Bool {
            text.utf8.withContiguousStorageIfAvailable { $0.contains(byte) } ?? text.utf8.contains(byte)
        }
        if copies.contains(where: { $0.isEmpty || holds(0, $0) }) { throw .badText("copy") }
        for pair in custom.pairs {
            if pair.key.isEmpty || holds(1, pair.key) { throw .badText("custom key") }
            if holds(1, pair.value) { throw .badText("value of \(pair.key)") }
        }
    }

    private func appendRecords(to bytes: inout [UInt8]) {
        bytes.append(0)
        bytes.append(0)
        bytes += checksumType.rawValue.utf8
        Self.start(.checksumValue, in: &bytes)
        bytes += checksumValue.utf8
        if let version, !version.isEmpty {
            Self.start(.version, in: &bytes)
            bytes += version.utf8
        }
        Self.start(.size, in: &bytes)
        Self.append(UInt64(size), to: &bytes)
        Self.start(.lid, in: &bytes)
        Self.append(lid, to: &bytes)
        Self.start(.flags, in: &bytes)
        Self.append(flags, to: &bytes)
        for (index, copy) in copies.enumerated() {
            if index == 0 { Self.start(.copies, in: &bytes) } else { bytes.append(0) }
            bytes += copy.utf8
        }
        for (index, pair) in custom.pairs.enumerated() {
            if index == 0 { Self.start(.custom, in: &bytes) } else { bytes.append(1) }
            bytes += pair.key.utf8
            bytes.append(1)
            bytes += pair.value.utf8
        }
    }

    private static func start(_ key: Record, in bytes: inout [UInt8]) {
        bytes += separator
        bytes.append(0)
        bytes.append(UInt8(truncatingIfNeeded: key.rawValue))
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * index))) }
    }
}
