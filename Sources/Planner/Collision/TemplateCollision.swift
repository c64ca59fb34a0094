/// Whether two templates give one name, decided exactly and without expanding either.
///
///     read both templates in step, byte by byte, from every pair of states that can be reached:
///         both at their end → that name is given by both
///     for a template against itself: the two readings must have differed somewhere
///
/// A pair of states is visited once. Ranges with a step keep a residue, so their states can be many; beyond
/// `pairsMax` pairs the question stays open, and that is an error rather than a guess.
public enum TemplateCollision {
    /// Pairs of states looked at before giving up (about 100 MB and a second or two).
    public static let pairsMax = 500_000

    /// The search was given up: the templates are named so that the user can write them simpler.
    public struct Undecided: Error, Sendable, Hashable, CustomStringConvertible {
        public let first: String
        public let second: String

        public var description: String {
            let pair =
                first == second
                ? "template \"\(first)\" gives one name twice"
                : "templates \"\(first)\" and \"\(second)\" give one name"
            return
                "it cannot be decided in bounded work whether \(pair); use ranges with smaller steps, or separate runs"
        }
    }

    /// A name that both templates give, or nil when there is none.
    public static func find(
        _ first: Template, _ second: Template, pairsMax: Int = pairsMax
    ) throws(Undecided) -> String? {
        var search = CollisionSearch(TemplateReader(first), TemplateReader(second), mustDiffer: false)
        guard search.run(pairsMax: pairsMax) else { throw Undecided(first: first.text, second: second.text) }
        return search.found
    }

    /// A name that one template gives more than once, or nil when there is none.
    public static func find(within template: Template, pairsMax: Int = pairsMax) throws(Undecided) -> String? {
        guard template.ranges.count > 1 else { return nil }
        let reader = TemplateReader(template)
        var search = CollisionSearch(reader, reader, mustDiffer: true)
        guard search.run(pairsMax: pairsMax) else { throw Undecided(first: template.text, second: template.text) }
        return search.found
    }
}

/// The walk over pairs of states; the way back from each pair spells the name.
private struct CollisionSearch {
    private struct Pair: Hashable {
        let first: TemplateReader.State
        let second: TemplateReader.State
        /// The two readings were in different states somewhere on the way.
        let differed: Bool
    }

    private struct Node {
        let pair: Pair
        let parent: Int
        let byte: UInt8
    }

    private(set) var found: String?
    private let first: TemplateReader
    private let second: TemplateReader
    private let mustDiffer: Bool
    private var nodes: [Node] = []
    private var seen: Set<Pair> = []
    private var open: [Int] = []

    init(_ first: TemplateReader, _ second: TemplateReader, mustDiffer: Bool) {
        self.first = first
        self.second = second
        self.mustDiffer = mustDiffer
    }

    /// False when it was given up.
    mutating func run(pairsMax: Int) -> Bool {
        add(first.initial, second.initial, differed: false, parent: -1, byte: 0)
        while found == nil, let index = open.popLast() {
            guard nodes.count <= pairsMax else { return false }
            let pair = nodes[index].pair
            if let byte = first.onlyByte(pair.first) ?? second.onlyByte(pair.second) {
                follow(pair, byte, index)
            } else {
                for digit in ASCII.zero...ASCII.nine { follow(pair, digit, index) }
            }
        }
        return true
    }

    private mutating func follow(_ pair: Pair, _ byte: UInt8, _ index: Int) {
        let firsts = first.next(pair.first, byte)
        guard !firsts.isEmpty else { return }
        add(firsts, second.next(pair.second, byte), differed: pair.differed, parent: index, byte: byte)
    }

    private mutating func add(
        _ firsts: [TemplateReader.State], _ seconds: [TemplateReader.State], differed: Bool, parent: Int, byte: UInt8
    ) {
        for one in firsts {
            for other in seconds {
                let pair = Pair(first: one, second: other, differed: differed || (mustDiffer && one != other))
                guard seen.insert(pair).inserted else { continue }
                nodes.append(Node(pair: pair, parent: parent, byte: byte))
                if first.isEnd(one), second.isEnd(other), pair.differed || !mustDiffer {
                    found = name(nodes.count - 1)
                    return
                }
                open.append(nodes.count - 1)
            }
        }
    }

    private func name(_ last: Int) -> String {
        var bytes: [UInt8] = []
        var index = last
        while nodes[index].parent >= 0 {
            bytes.append(nodes[index].byte)
            index = nodes[index].parent
        }
        return String(decoding: bytes.reversed(), as: UTF8.self)
    }
}
