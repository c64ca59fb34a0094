import TestSupport
import Testing

@testable import Planner

/// The merge of a listing with a walk through the store.
@Suite struct AscendingNamesTests {
    private func stream(_ names: [String]) -> AscendingNames {
        var rest = names.map { Array($0.utf8) }[...]
        return AscendingNames { rest.popFirst() }
    }

    /// What a walk over `there` finds gone from `listed`.
    private func gone(_ there: [String], _ listed: [String]) throws -> [String] {
        var names = stream(listed)
        return try there.filter { try !names.hold(Array($0.utf8)) }
    }

    @Test(
        arguments: [
            ([], [], []), (["a"], [], ["a"]), ([], ["a"], []), (["a"], ["a"], []), (["b"], ["a", "c"], ["b"]),
            (["a", "b", "c"], ["b"], ["a", "c"]), (["a", "b", "c"], ["a", "c"], ["b"]),
            // Names that begin with one another, and what sorts beside a slash.
            (["a", "a.b", "a/b", "a0"], ["a.b", "a0"], ["a", "a/b"]),
            (["a", "a.b", "a/b", "a0"], ["a", "a/b"], ["a.b", "a0"]),
            (["k", "k/", "k/a", "k0"], ["k/a"], ["k", "k/", "k0"]),
            (["ab"], ["a", "abc"], ["ab"]), (["a", "abc"], ["ab"], ["a", "abc"]),
            // Two spellings of one character are two names; bytes decide, not what they mean.
            (["e\u{301}", "z", "\u{e9}"], ["z", "\u{e9}"], ["e\u{301}"]),
            (["e\u{301}", "z", "\u{e9}"], ["e\u{301}", "z"], ["\u{e9}"]),
            (["\u{ffee}", "\u{1F600}"], ["\u{1F600}"], ["\u{ffee}"]),
            // Asked twice: a name that several sources share.
            (["a", "a", "b", "b"], ["b"], ["a", "a"]),
        ] as [([String], [String], [String])])
    func whatTheListingLacks(_ there: [String], _ listed: [String], _ expected: [String]) throws {
        #expect(try gone(there, listed).map { Array($0.utf8) } == expected.map { Array($0.utf8) })
    }

    @Test func agreesWithSetsOnNamesMadeAtRandom() throws {
        var random = SeededGenerator(state: 4)
        for _ in 0..<500 {
            func names() -> [String] {
                let letters = ["a", "b", "/", ".", "-", "\u{e9}", "\u{10FFFF}", "A"]
                let made = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                    (0...Int.random(in: 0...3, using: &random)).map { _ in
                        letters[Int.random(in: 0..<letters.count, using: &random)]
                    }.joined()
                }
                return Set(made).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            }
            let (there, listed) = (names(), names())
            let lacking = Set(listed)
            #expect(try gone(there, listed) == there.filter { !lacking.contains($0) }, "\(there) \(listed)")
        }
    }

    @Test func disorderOnEitherSideIsAnErrorNotAnAnswer() throws {
        #expect(throws: AscendingNames.Disorder.self) { try gone(["b", "a"], ["a", "b"]) }
        #expect(throws: AscendingNames.Disorder.self) { try gone(["a", "z"], ["b", "a"]) }
        #expect(throws: AscendingNames.Disorder.self) { try gone(["c"], ["b", "a", "c"]) }
    }

    @Test func theStreamIsNotAskedBehindItsEnd() throws {
        var asked = 0
        var names = AscendingNames {
            asked += 1
            return asked == 1 ? Array("a".utf8) : nil
        }
        for name in ["a", "b", "c", "d"] { _ = try names.hold(Array(name.utf8)) }
        #expect(asked == 2)
    }
}
