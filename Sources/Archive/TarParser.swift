/// The state machine under `TarWalker` and `TarMemberFinder`: fed bytes, it gives members and stretches of their data.
///
///     header block ── zeros ──► second zero block ──► behind the end: zeros, or another archive's header
///        │  ▲                     (else: lone zero block)
///        │  └── payload of x, g, L, K ──┐   kept (1 MiB at most), applied to the next member
///        ├──────────────────────────────┘
///        ├── old GNU sparse file: more blocks of its map while each says so
///        └── member: its data skipped in one step per feed, padding to the next block included
///
/// Which sizes mean data, where tools differ: links, directories, devices and fifos have none, whatever the field says
/// (GNU tar, libarchive, Python). A hard link with a size has data in a pax archive (libarchive; POSIX.1-2001 allows it)
/// and none elsewhere (all three). Unknown types are files, as POSIX demands. A pax `size` overrides the field.
struct TarParser {
    static let extendedHeaderLimit: Int64 = 1 << 20

    enum Event {
        case member(TarMember)
        /// A range of the bytes given to `next`: data of the member announced last.
        case data(Range<Int>)
    }

    private enum Payload { case pax, global, longName, other }

    private enum Phase {
        case header
        case zeroOnce
        case ended
        case payload(Payload, left: Int64, padding: Int64)
        case sparseMap
        case data(left: Int64, padding: Int64)
    }

    private var phase = Phase.header
    /// Bytes consumed.
    private(set) var position: Int64 = 0
    /// The beginning of a block whose rest has not come yet.
    private var held = [UInt8](repeating: 0, count: TarHeader.blockSize)
    private var heldCount = 0
    private var payload: [UInt8] = []
    private var pax = PaxRecords()
    private var longName: [UInt8]?
    /// An x, L or K header waits for its member.
    private var expectsMember = false
    /// This archive has pax headers.
    private var isPax = false
    private var sparseMember: (header: TarHeader, size: Int64)?
    private(set) var current: TarMember?
    private(set) var sawMember = false

    /// Consumes from `offset` on until something is to be told; nil when the bytes are used up.
    mutating func next(_ bytes: RawSpan, _ offset: inout Int) throws(TarError) -> Event? {
        while offset < bytes.byteCount {
            switch phase {
            case .data(let left, let padding):
                if let range = skipData(bytes, &offset, left, padding) { return .data(range) }
            case .payload(let kind, let left, let padding):
                try takePayload(bytes, &offset, kind, left, padding)
            case .header, .zeroOnce, .ended, .sparseMap:
                if let member = try takeBlock(bytes, &offset) { return .member(member) }
            }
        }
        return nil
    }

    /// Whether what came is whole: at least one member and an end-of-archive marker.
    func finish() throws(TarError) {
        switch phase {
        case .ended where heldCount > 0: throw error(.lengthNotMultipleOfBlock)
        case .ended where !sawMember: throw TarError(offset: 0, reason: .noMember)
        case .ended: return
        case .payload: throw error(.extendedHeaderCutShort)
        case .data, .sparseMap: throw error(.memberCutShort(current?.name ?? ""))
        case .header, .zeroOnce:
            if position == 0 { throw error(.empty) }
            throw error(heldCount > 0 ? .headerCutShort : .noEndMarker)
        }
    }

    private func error(_ reason: TarError.Reason) -> TarError { TarError(offset: position, reason: reason) }
}

// MARK: - Stretches

extension TarParser {
    /// The part of these bytes that is the member's data; nil when it is padding only.
    private mutating func skipData(
        _ bytes: RawSpan, _ offset: inout Int, _ left: Int64, _ padding: Int64
    ) -> Range<Int>? {
        let available = Int64(bytes.byteCount - offset)
        let data = min(left, available)
        let behind = min(padding, available - data)
        let start = offset
        offset += Int(data + behind)
        position += data + behind
        let isOver = data == left && behind == padding
        phase = isOver ? .header : .data(left: left - data, padding: padding - behind)
        return data > 0 ? start..<(start + Int(data)) : nil
    }

    private mutating func takePayload(
        _ bytes: RawSpan, _ offset: inout Int, _ kind: Payload, _ left: Int64, _ padding: Int64
    ) throws(TarError) {
        let available = Int64(bytes.byteCount - offset)
        let wanted = Int(min(left, available))
        if kind != .other {
            for index in offset..<(offset + wanted) { payload.append(bytes.byte(at: index)) }
        }
        let behind = min(padding, available - Int64(wanted))
        offset += wanted + Int(behind)
        position += Int64(wanted) + behind
        guard Int64(wanted) == left, behind == padding else {
            phase = .payload(kind, left: left - Int64(wanted), padding: padding - behind)
            return
        }
        phase = .header
        try apply(kind)
    }

    private mutating func apply(_ kind: Payload) throws(TarError) {
        defer { payload.removeAll(keepingCapacity: true) }
        switch kind {
        case .other: return
        case .pax, .global:
            // A global header's path or size would be every member's: nobody writes one, tools differ, none counts here.
            var records = kind == .pax ? pax : PaxRecords()
            do {
                try records.add(payload)
            } catch {
                throw self.error(.extendedHeaderMalformed(error.why))
            }
            if kind == .pax { pax = records }
        case .longName:
            let name = Array(payload.prefix { $0 != 0 })
            guard !name.isEmpty else { throw error(.extendedHeaderMalformed("an empty long name")) }
            longName = name
        }
    }

    /// Takes a whole block, or keeps the part that is there.
    private mutating func takeBlock(_ bytes: RawSpan, _ offset: inout Int) throws(TarError) -> TarMember? {
        if heldCount == 0, bytes.byteCount - offset >= TarHeader.blockSize {
            let block = bytes.extracting(offset..<(offset + TarHeader.blockSize))
            offset += TarHeader.blockSize
            position += Int64(TarHeader.blockSize)
            return try read(block)
        }
        let count = min(TarHeader.blockSize - heldCount, bytes.byteCount - offset)
        for index in 0..<count { held[heldCount + index] = bytes.byte(at: offset + index) }
        heldCount += count
        offset += count
        position += Int64(count)
        guard heldCount == TarHeader.blockSize else { return nil }
        heldCount = 0
        let whole = held
        return try read(whole.span.bytes)
    }
}

// MARK: - Blocks

extension TarParser {
    /// `position` already stands behind the block.
    private mutating func read(_ block: RawSpan) throws(TarError) -> TarMember? {
        let start = position - Int64(TarHeader.blockSize)
        if case .sparseMap = phase { return readSparseMap(block) }
        if TarHeader.isZero(block) {
            try readZeros(start)
            return nil
        }
        switch phase {
        case .zeroOnce:
            throw TarError(offset: start - Int64(TarHeader.blockSize), reason: .loneZeroBlock)
        case .ended:
            do {
                return try readHeader(block, start)
            } catch {
                throw TarError(offset: start, reason: .garbageBehindEnd)
            }
        default:
            return try readHeader(block, start)
        }
    }

    private mutating func readZeros(_ start: Int64) throws(TarError) {
        if expectsMember { throw TarError(offset: start, reason: .extendedHeaderWithoutMember) }
        switch phase {
        case .header: phase = .zeroOnce
        default:
            phase = .ended
            isPax = false
        }
    }

    private mutating func readHeader(_ block: RawSpan, _ start: Int64) throws(TarError) -> TarMember? {
        let header = try TarHeader(block, offset: start)
        switch header.type {
        case UInt8(ascii: "x"), UInt8(ascii: "X"): try expectPayload(.pax, header, start)
        case UInt8(ascii: "g"): try expectPayload(.global, header, start)
        case UInt8(ascii: "L"): try expectPayload(.longName, header, start)
        case UInt8(ascii: "K"): try expectPayload(.other, header, start)
        case UInt8(ascii: "V"):
            // A volume label: a name, no member; it may carry a body all the same.
            expectData(header.size)
        default:
            return try readMember(header, start)
        }
        return nil
    }

    private mutating func expectPayload(_ kind: Payload, _ header: TarHeader, _ start: Int64) throws(TarError) {
        guard header.size <= Self.extendedHeaderLimit else {
            throw TarError(offset: start, reason: .extendedHeaderTooLarge(header.size))
        }
        if kind == .pax || kind == .global { isPax = true }
        if kind != .global { expectsMember = true }
        guard header.size > 0 else {
            phase = .header
            return try apply(kind)
        }
        phase = .payload(kind, left: header.size, padding: Self.padding(header.size))
    }

    private mutating func readMember(_ header: TarHeader, _ start: Int64) throws(TarError) -> TarMember? {
        let size = pax.size ?? header.size
        guard size < 1 << 62 else { throw TarError(offset: start, reason: .fieldMalformed("size")) }
        if header.hasSparseExtension {
            sparseMember = (header, size)
            current = TarMember(
                nameBytes: name(of: header), kind: .sparse, size: size, dataOffset: position)
            phase = .sparseMap
            return nil
        }
        return begin(header, size)
    }

    private mutating func readSparseMap(_ block: RawSpan) -> TarMember? {
        guard block.byte(at: 504) == 0, let (header, size) = sparseMember else { return nil }
        sparseMember = nil
        return begin(header, size)
    }

    private mutating func begin(_ header: TarHeader, _ size: Int64) -> TarMember {
        let kind = kind(of: header, size)
        let stored =
            switch kind {
            case .file, .sparse: size
            case .hardLink: isPax ? size : 0
            // Written with a size only as GNU's incremental dump ('D'), whose body is a list of names, and by v7's '0'.
            case .directory: header.type == UInt8(ascii: "5") ? 0 : size
            case .symbolicLink, .device, .fifo: 0 as Int64
            }
        let member = TarMember(nameBytes: name(of: header), kind: kind, size: stored, dataOffset: position)
        expectData(stored)
        current = member
        sawMember = true
        expectsMember = false
        pax = PaxRecords()
        longName = nil
        return member
    }

    private mutating func expectData(_ size: Int64) {
        phase = size > 0 ? .data(left: size, padding: Self.padding(size)) : .header
    }

    private static func padding(_ size: Int64) -> Int64 { -size & Int64(TarHeader.blockSize - 1) }

    private func name(of header: TarHeader) -> [UInt8] {
        pax.sparseName ?? pax.path ?? longName ?? header.nameBytes
    }

    private func kind(of header: TarHeader, _ size: Int64) -> TarMember.Kind {
        switch header.type {
        case UInt8(ascii: "1"): return .hardLink
        case UInt8(ascii: "2"): return .symbolicLink
        case UInt8(ascii: "3"), UInt8(ascii: "4"): return .device
        case UInt8(ascii: "5"), UInt8(ascii: "D"): return .directory
        case UInt8(ascii: "6"): return .fifo
        case UInt8(ascii: "S"): return .sparse
        case 0, UInt8(ascii: "0"):
            // Before '5' existed a directory was a name with a slash at its end.
            if name(of: header).last == UInt8(ascii: "/") { return .directory }
            return pax.isSparse ? .sparse : .file
        default: return .file
        }
    }
}
