import TestSupport
import Testing

@testable import Planner

@Suite struct TemplateCollisionTests {
    private func find(_ first: String, _ second: String) throws -> String? {
        try TemplateCollision.find(Template(first, style: .bash), Template(second, style: .bash))
    }

    private func within(_ text: String) throws -> String? {
        try TemplateCollision.find(within: Template(text, style: .bash))
    }

    @Test func aTemplateAgainstItself() throws {
        #expect(try within("{0..1}{0..1}") == nil)
        #expect(try within("{1..11}{1..11}") != nil)
        #expect(try within("{01..11}{01..11}") == nil)
        #expect(try within("{1..11}-{1..11}") == nil)
        #expect(try within("{8..12}") == nil)
        #expect(try within("literal") == nil)
        #expect(try within("{1..11}1{1..11}") != nil)
    }

    @Test func twoTemplates() throws {
        #expect(try find("a-{000..999}.tar", "a-{1000..1999}.tar") == nil)
        #expect(try find("a-{000..999}.tar", "a-{999..1999}.tar") == "a-999.tar")
        #expect(try find("a-{0..99}", "a-{00..99}") != nil)
        #expect(try find("a-{0..9}", "a-{00..99}") == nil)
        #expect(try find("a-{0..1000000000..2}", "a-{1..1000000000..2}") == nil)
        #expect(try find("a-{0..1000000000..1000}", "a-{500..1000000000..1000}") == nil)
        #expect(try find("a-{0..1000000000..7}", "a-{1..1000000000..11}") != nil)
        #expect(try find("a-1", "a-{0..3}") == "a-1")
        #expect(try find("a", "b") == nil)
        #expect(try find("a", "a") == "a")
    }

    @Test func agreesWithExpansion() throws {
        var random = SeededGenerator(21)
        var collisions = 0
        for _ in 0..<4_000 {
            let literals = Int.random(in: 0...3, using: &random) == 0 ? ["", "1", "-"] : ["", "", "", "0"]
            let one = try randomTemplate(&random, literals: literals)
            let other = try randomTemplate(&random, literals: literals, ranges: 2)
            guard one.count <= 400, other.count <= 400 else { continue }
            let names = Set(one)
            let common = names.intersection(other)
            if let found = try TemplateCollision.find(one, other) {
                #expect(common.contains(found), "\(one.text) \(other.text) \(found)")
                collisions += 1
            } else {
                #expect(common.isEmpty, "\(one.text) \(other.text)")
            }
            if let found = try TemplateCollision.find(within: one) {
                #expect(one.count { $0 == found } > 1, "\(one.text) \(found)")
            } else {
                #expect(names.count == one.count, "\(one.text)")
            }
        }
        #expect(collisions > 100, "\(collisions)")
    }

    @Test func theBoundIsAnErrorThatNamesThePair() throws {
        let one = try Template("{0..9999999999999..99991}{0..9999999999999..99989}", style: .bash)
        let other = try Template("{1..9999999999999..99971}x{0..9999999999999..99961}", style: .bash)
        let error = #expect(throws: TemplateCollision.Undecided.self) {
            try TemplateCollision.find(one, other, pairsMax: 1_000)
        }
        #expect(error?.first == one.text && error?.second == other.text)
    }
}
