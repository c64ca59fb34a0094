/// The rules of ARCHITECTURE.md that a compiler does not enforce, as pure functions of source text.
enum HouseRules {
    /// Who may import whom: the table of ARCHITECTURE.md, C modules included.
    static let allowed: [String: Set<String>] = [
        "Hashing": ["CCrypto"],
        "Archive": ["CArchive"],
        "ObjectModel": ["Hashing"],
        "NodeStore": ["Hashing", "Archive", "ObjectModel", "CLinux"],
        "Backends": ["Hashing", "ObjectModel", "CCurl"],
        "Planner": ["Hashing", "ObjectModel", "NodeStore", "Backends", "Yams"],
        "Mover": ["Hashing", "Archive", "ObjectModel", "NodeStore", "Backends", "Planner"],
        "aismove": [
            "Hashing", "Archive", "ObjectModel", "NodeStore", "Backends", "Planner", "Mover", "CBuildInfo",
            "ArgumentParser",
        ],
    ]

    /// C modules; each is imported by exactly one Swift module.
    static let cModules: Set<String> = ["CCrypto", "CArchive", "CLinux", "CCurl", "CBuildInfo"]

    /// What comes with the toolchain and may be imported anywhere. FoundationNetworking is not among them: bytes come
    /// through the lanes.
    static let toolchain: Set<String> = [
        "Swift", "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Dispatch",
    ]

    /// The one file without a C import that may hold pointers.
    static let bufferFile = "ObjectModel/TransferBuffer.swift"

    /// One broken rule, with where and why.
    struct Violation: Equatable, CustomStringConvertible {
        let file: String
        let line: Int
        let reason: String
        var description: String { "\(file):\(line): \(reason)" }
    }

    /// One import declaration: its module, without what is picked from it.
    struct Import: Equatable {
        let module: String
        let line: Int
    }

    /// Every import in a source, whatever its attributes, access level and kind: `@testable import X`,
    /// `public import X`, `import struct X.Y`, `import X.Sub`.
    static func imports(in text: SwiftText) -> [Import] {
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor"]
        let words = text.words
        var found: [Import] = []
        for (index, word) in words.enumerated() where word.text == "import" && !isMember(word) {
            var next = index + 1
            if next < words.count, kinds.contains(words[next].text) { next += 1 }
            if next < words.count { found.append(Import(module: String(words[next].text), line: word.line)) }
        }
        return found
    }

    /// Imports that the table does not allow. `file` is `Module/…/Name.swift`.
    static func forbiddenImports(file: String, source: String) -> [Violation] {
        let module = moduleName(of: file)
        guard let allowed = allowed[module] else {
            return [Violation(file: file, line: 1, reason: "module \(module) is not in ARCHITECTURE.md's table")]
        }
        return imports(in: SwiftText(source)).compactMap { found in
            if allowed.contains(found.module) || toolchain.contains(found.module) { return nil }
            return Violation(file: file, line: found.line, reason: "\(module) may not import \(found.module)")
        }
    }

    /// Raw pointers outside the files that import a C module and the buffer type (invariant 4).
    static func strayPointers(file: String, source: String) -> [Violation] {
        let text = SwiftText(source)
        if file == bufferFile || imports(in: text).contains(where: { cModules.contains($0.module) }) { return [] }
        return text.words.filter { namesPointer($0.text) }.map {
            Violation(file: file, line: $0.line, reason: "\($0.text) in a file that imports no C module")
        }
    }

    /// Whether a word names a pointer type, or a function that hands one out.
    static func namesPointer(_ word: Substring) -> Bool {
        if word.hasPrefix("Unsafe") { return word.contains("Pointer") || word.hasPrefix("UnsafeMutable") }
        if word.hasPrefix("withUnsafe") { return !word.hasSuffix("Continuation") && !word.hasSuffix("CurrentTask") }
        return word == "OpaquePointer" || word == "Unmanaged"
    }

    /// Tests that `swift test --disable-xctest` would leave out without a word.
    static func unseenTests(file: String, source: String) -> [Violation] {
        imports(in: SwiftText(source)).filter { $0.module == "XCTest" }.map {
            Violation(file: file, line: $0.line, reason: "XCTest is switched off; write Swift Testing tests")
        }
    }

    static func moduleName(of file: String) -> String {
        file.split(separator: "/").first.map(String.init) ?? file
    }

    /// `x.import` and `` `import` `` are names, not declarations.
    private static func isMember(_ word: SwiftText.Word) -> Bool {
        word.preceding == "." || word.preceding == "`"
    }
}
