/// Passes on the data of one member while a tar goes by. The first member of that name counts; a "./" in front, in the
/// tar or in the question, makes no difference.
public struct TarMemberFinder: Sendable {
    private let name: String
    private let nameBytes: ArraySlice<UInt8>
    private var parser = TarParser()
    private var passed: Int64 = 0

    /// The member, once its header has come.
    public private(set) var found: TarMember?

    public init(name: String) {
        self.name = name
        nameBytes = Self.withoutDot(Array(name.utf8))
    }

    /// Everything has been passed on: the rest of the tar need not be fed.
    public var isComplete: Bool { found.map { passed == $0.size } ?? false }

    /// Takes the next bytes and gives `sink` those that belong to the member. Throws `TarError` (the tar is damaged before
    /// the member's end, or the member has no data of its own) and whatever `sink` throws.
    public mutating func feed(_ bytes: RawSpan, sink: (RawSpan) throws -> Void) throws {
        var offset = 0
        while !isComplete, let event = try parser.next(bytes, &offset) {
            switch event {
            case .member(let member):
                guard found == nil, Self.withoutDot(member.nameBytes).elementsEqual(nameBytes) else { continue }
                try check(member)
                found = member
            case .data(let range):
                guard found != nil else { continue }
                try sink(bytes.extracting(range))
                passed += Int64(range.count)
            }
        }
    }

    /// The end of the tar came: throws unless the member was found and is whole.
    public func finish() throws(TarError) {
        if isComplete { return }
        if found != nil { throw TarError(offset: parser.position, reason: .memberCutShort(name)) }
        try parser.finish()
        throw TarError(offset: parser.position, reason: .memberNotFound(name))
    }

    private func check(_ member: TarMember) throws(TarError) {
        switch member.kind {
        case .file: return
        case .hardLink where member.size > 0: return
        case .sparse: throw TarError(offset: member.dataOffset, reason: .memberIsSparse(name))
        default: throw TarError(offset: member.dataOffset, reason: .memberHasNoData(name, member.kind))
        }
    }

    private static func withoutDot(_ name: [UInt8]) -> ArraySlice<UInt8> {
        name.starts(with: "./".utf8) ? name.dropFirst(2) : name[...]
    }
}
