import Foundation
import TestSupport
import Testing

@testable import Planner

private struct Vector: Decodable {
    let template: String
    let count: Int?
    let names: [String]?
    let error: String?
    let prefixOnly: String?

    enum CodingKeys: String, CodingKey {
        case template, count, names, error
        case prefixOnly = "prefix_only"
    }

    /// The vectors come from AIStore, which guesses the style.
    var style: Template.Style {
        template.contains("{") ? .bash : template.contains("@") ? .at : template.contains("%") ? .fmt : .bash
    }
}

@Suite struct TemplateTests {
    @Test func vectors() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/templates.json")
        let vectors = try JSONDecoder().decode([Vector].self, from: Data(contentsOf: path))
        #expect(vectors.count == 16)
        for vector in vectors {
            if vector.error != nil {
                let error = #expect(throws: TemplateError.self) {
                    try Template(vector.template, style: vector.style)
                }
                #expect(error?.template == vector.template)
                continue
            }
            let template = try Template(vector.template, style: vector.style)
            #expect(template.count == vector.count ?? 1)
            #expect(Array(template) == vector.names ?? [vector.prefixOnly ?? ""])
            #expect(template.isLiteral == (vector.prefixOnly != nil))
        }
    }

    @Test(arguments: [
        ("x-{5..3}", "start 5 is greater than end 3"), ("x-{-1..3}", "start -1 is negative"),
        ("x-{1..3..0}", "step 0 is not positive"), ("x-{1..3..-2}", "step -2 is not positive"),
        ("x-{a..c}", "start \"a\" is not a number"), ("x-{1..c}", "end \"c\" is not a number"),
        ("x-{1..}", "end \"\" is not a number"), ("x-{1..2..3..4}", "is not a range"), ("x-{abc}", "is not a range"),
        ("x-{}", "is not a range"), ("{1..2}-{3..", "is not closed"), ("{{1..2}}", "start \"{1\" is not a number"),
        ("x-{+1..3}", "start \"+1\" is not a number"), ("x-{1..9223372036854775807}", "too large"),
        ("x-{1..99999999999999999999}", "too large"), ("", "empty"),
    ])
    func refused(_ text: String, _ reason: String) {
        let error = #expect(throws: TemplateError.self) { try Template(text, style: .bash) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
        #expect(error?.description.contains("\"\(text)\"") == true)
    }

    @Test(arguments: [
        ("p@", Template.Style.at, nil, "without a number"), ("p@x", .at, nil, "without a number"),
        ("p@99999999999999999999", .at, nil, "too large"), ("p-%03d", .fmt, nil, "--count"),
        ("p-%3d", .fmt, 5, "%06d"), ("p-%x", .fmt, 5, "%06d"), ("p-%0d", .fmt, 5, "%06d"),
        ("p-%d", .fmt, 0, "--count 0"),
        ("p-{0..3}", .bash, 5, "--count is for"), ("p-@3", .at, 5, "--count is for"), ("p-%0999d", .fmt, 2, "digits"),
    ])
    func refusedStyles(_ text: String, _ style: Template.Style, _ count: Int?, _ reason: String) {
        let error = #expect(throws: TemplateError.self) { try Template(text, style: style, count: count) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    @Test func styles() throws {
        #expect(Array(try Template("p-%03d.tar", style: .fmt, count: 3)) == ["p-000.tar", "p-001.tar", "p-002.tar"])
        #expect(Array(try Template("%d", style: .fmt, count: 11)).last == "10")
        #expect(Array(try Template("100%%", style: .fmt)) == ["100%%"])
        #expect(Array(try Template("{0..1}@1", style: .at)) == ["{0..1}0", "{0..1}1"])
    }

    @Test func theShorterBoundGivesTheWidth() throws {
        #expect(Array(try Template("{8..0010}", style: .bash)) == ["8", "9", "10"])
        #expect(Array(try Template("{0008..10}", style: .bash)) == ["08", "09", "10"])
    }

    @Test func countSaturates() throws {
        let template = try Template("{0..9223372036854775806}{0..9223372036854775806}", style: .bash)
        #expect(template.count == Int.max)
        var iterator = template.makeIterator()
        let first: String? = iterator.next()
        #expect(first == "00")
        #expect(template.contains("09223372036854775806") != nil)
        #expect(template.contains("99223372036854775807") != nil)
        #expect(template.contains("9223372036854775807") != nil)
        #expect(template.contains("99999999999999999999999999999999999999") == nil)
    }

    @Test func digitsAreCountedUpInPlaceAsIfWrittenAnew() throws {
        var random = SeededGenerator(11)
        for _ in 0..<400 {
            let template = try randomTemplate(&random)
            guard template.count <= 2_000 else { continue }
            var buffer: [UInt8] = Array("old".utf8)
            var iterator = template.makeIterator()
            var index = 0
            while iterator.next(into: &buffer) {
                #expect(String(decoding: buffer, as: UTF8.self) == template.name(at: index))
                index += 1
            }
            #expect(index == template.count)
            let afterTheEnd = iterator.next(into: &buffer)
            #expect(!afterTheEnd)
        }
    }

    @Test func containsAgreesWithExpansion() throws {
        var random = SeededGenerator(12)
        for _ in 0..<500 {
            let template = try randomTemplate(&random)
            guard template.count <= 2_000 else { continue }
            let names = Set(template)
            for (index, name) in template.enumerated().prefix(40) {
                let positions = try #require(template.contains(name))
                #expect(zip(positions, template.ranges).allSatisfy { (0..<$1.count).contains($0) })
                if names.count == template.count { #expect(positions == template.positions(at: index)) }
                let other = String(
                    decoding: random.mutated(Array(name.utf8), alphabet: Array("01239-".utf8)), as: UTF8.self)
                #expect((template.contains(other) != nil) == names.contains(other))
            }
        }
    }

    @Test func mutatedTemplatesNeitherCrashNorHang() {
        var random = SeededGenerator(13)
        let seeds = ["p-{00001..00010..2}-gap-{001..005..2}-s", "prefix-@00003-gap-@2-suffix", "prefix-%03d-suffix"]
        for _ in 0..<10_000 {
            let seed = Array((seeds.randomElement(using: &random) ?? "").utf8)
            let bytes = random.mutated(seed, alphabet: Array("{}.@%d0129-/".utf8))
            let text = String(decoding: bytes, as: UTF8.self)
            for style in Template.Style.allCases {
                guard let template = try? Template(text, style: style, count: style == .fmt ? 7 : nil) else { continue }
                #expect(template.count >= 1)
                #expect(template.prefix(3).allSatisfy { template.contains($0) != nil })
            }
        }
    }
}

/// Few digits and characters, so that ranges and literals run into each other.
func randomTemplate(
    _ random: inout SeededGenerator, literals: [String] = ["", "", "0", "1", "-", "10"], ranges: Int = 3
) throws -> Template {
    var text = ""
    for _ in 0..<Int.random(in: 1...ranges, using: &random) {
        text += literals.randomElement(using: &random) ?? ""
        let start = Int.random(in: 0...12, using: &random)
        let end = start + Int.random(in: 0...([3, 15, 105].randomElement(using: &random) ?? 3), using: &random)
        let zeros = String(repeating: "0", count: Int.random(in: 0...2, using: &random))
        let step = Int.random(in: 1...9, using: &random)
        text += "{\(zeros)\(start)..\(Bool.random(using: &random) ? "00" : "")\(end)\(step > 4 ? "" : "..\(step)")}"
    }
    return try Template(text + (["", "", "1"].randomElement(using: &random) ?? ""), style: .bash)
}
