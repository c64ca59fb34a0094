import Testing

/// The checkers themselves, on samples that break the rules: a rule that cannot fail guards nothing.
@Suite struct HouseRulesTests {
    @Test(arguments: [
        ("import NodeStore", "NodeStore"),
        ("@testable import Mover", "Mover"),
        ("@preconcurrency @testable import Mover", "Mover"),
        ("public import Planner", "Planner"),
        ("@_exported import Planner", "Planner"),
        ("internal import struct Planner.Template", "Planner"),
        ("import func Glibc.open", "Glibc"),
        ("import CCurl.easy", "CCurl"),
        ("import Foundation; import Mover", "Mover"),
        ("#if canImport(Mover)\n  import Mover\n#endif", "Mover"),
        ("/* why */ import Mover // because", "Mover"),
        ("import\n  Mover", "Mover"),
        (#"let text = "\(f("x"))"; import Mover"#, "Mover"),
        ("let quote = \"\\\"\"\nimport Mover", "Mover"),
    ])
    func everySpellingOfAnImportIsSeen(source: String, module: String) {
        #expect(HouseRules.imports(in: SwiftText(source)).map(\.module).contains(module))
    }

    @Test(arguments: [
        "// import Mover", "/* import Mover */", "/* a /* b */ import Mover */", "let s = \"import Mover\"",
        "let s = \"\"\"\n  import Mover\n  \"\"\"", "let s = #\"a \" import Mover\"#", "x.import(Mover)",
        "func `import`(mover: Int) {}", "let imports = 1", "let importMover = 1",
    ])
    func whatOnlyLooksLikeAnImportIsNot(source: String) {
        #expect(HouseRules.imports(in: SwiftText(source)) == [])
    }

    @Test(arguments: [
        ("Hashing/A.swift", "import ObjectModel"),
        ("Archive/A.swift", "import Hashing"),
        ("NodeStore/A.swift", "import Backends"),
        ("Backends/HTTP/A.swift", "import NodeStore"),
        ("Planner/A.swift", "import Archive"),
        ("Planner/A.swift", "import Mover"),
        ("Mover/A.swift", "import CCurl"),
        ("Mover/A.swift", "import ArgumentParser"),
        ("aismove/A.swift", "import CLinux"),
        ("ObjectModel/A.swift", "import FoundationNetworking"),
        ("Extras/A.swift", "import Foundation"),
    ])
    func anArrowAgainstTheTableIsRefused(file: String, source: String) {
        let violations = HouseRules.forbiddenImports(file: file, source: "import Foundation\n" + source)
        #expect(violations.count == 1)
    }

    @Test func theViolationNamesFileLineAndBothModules() {
        let found = HouseRules.forbiddenImports(file: "Hashing/A.swift", source: "// one\n\nimport Mover\n")
        #expect(found.map(\.description) == ["Hashing/A.swift:3: Hashing may not import Mover"])
    }

    @Test(arguments: [
        ("aismove/Plan.swift", "import ArgumentParser\nimport Mover"), ("Backends/Lane.swift", "import CCurl"),
        ("NodeStore/Xattr.swift", "import CLinux\nimport Glibc\nimport struct Hashing.XXH64"),
    ])
    func anArrowOfTheTableIsAllowed(file: String, source: String) {
        #expect(HouseRules.forbiddenImports(file: file, source: source) == [])
    }

    @Test(arguments: [
        "UnsafeRawPointer", "UnsafePointer", "UnsafeRawBufferPointer", "UnsafeBufferPointer", "UnsafeMutablePointer",
        "UnsafeMutableRawPointer", "UnsafeMutableRawBufferPointer", "withUnsafeBytes", "withUnsafePointer",
        "withUnsafeMutableBufferPointer", "withUnsafeTemporaryAllocation", "OpaquePointer",
    ])
    func aPointerOutsideAllowedFilesIsFound(word: String) {
        let source = "import Foundation\nfunc f(_ x: \(word)) {}\n"
        let found = HouseRules.strayPointers(file: "Mover/A.swift", source: source)
        #expect(found.map(\.line) == [2])
        #expect(HouseRules.strayPointers(file: HouseRules.bufferFile, source: source) == [])
        #expect(HouseRules.strayPointers(file: "Backends/A.swift", source: "import CCurl\n" + source) == [])
    }

    @Test func aPointerInsideAnInterpolationIsFound() {
        let source = #"print("\(bytes.withUnsafeBytes { $0.count })")"#
        #expect(HouseRules.strayPointers(file: "Mover/A.swift", source: source).count == 1)
    }

    @Test(arguments: [
        "/// Never an UnsafeRawPointer.", "let s = \"withUnsafeBytes\"", "nonisolated(unsafe) var x = 0",
        "await withUnsafeContinuation { _ in }", "b.unsafeLoadUnaligned(fromUncheckedByteOffset: 0, as: Int.self)",
    ])
    func wordsAboutPointersAreNotPointers(source: String) {
        #expect(HouseRules.strayPointers(file: "Mover/A.swift", source: source) == [])
    }

    @Test func anXCTestIsFound() {
        #expect(HouseRules.unseenTests(file: "MoverTests/A.swift", source: "import XCTest").count == 1)
        #expect(HouseRules.unseenTests(file: "MoverTests/A.swift", source: "import Testing").isEmpty)
    }

    @Test func aTableIsReadRowByRow() {
        let page = "text\n\n| code | meaning |\n|---|:--|\n| 0 | good |\n| 130 | interrupted |  \n\n| 7 | not this |\n"
        #expect(MarkdownTable.rows(under: "code", in: page) == [["0", "good"], ["130", "interrupted"]])
        #expect(MarkdownTable.columns(under: "code", in: page) == ["code", "meaning"])
        #expect(MarkdownTable.rows(under: "nothing", in: page) == [])
    }
}
