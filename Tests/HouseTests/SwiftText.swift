/// Swift source with its comments and the contents of its string literals blanked out, so that a word found in it is
/// code. Line breaks stay, so line numbers do too. An interpolated expression is code and stays.
struct SwiftText {
    /// One identifier or keyword, and the line (from 1) it stands on.
    struct Word: Equatable {
        let text: Substring
        let line: Int
        /// The character right before it, if any: tells `.import` and `` `import` `` from `import`.
        let preceding: Character?
    }

    let code: String

    init(_ source: String) {
        var scanner = Scanner(rest: Substring(source))
        code = scanner.blanked()
    }

    /// Every identifier and keyword in order. A dotted path is given as its parts.
    var words: [Word] {
        var found: [Word] = []
        var line = 1
        var start: String.Index?
        var preceding: Character?
        for index in code.indices {
            let character = code[index]
            if character.isLetter || character.isNumber || character == "_" {
                start = start ?? index
                continue
            }
            if let from = start {
                found.append(Word(text: code[from..<index], line: line, preceding: preceding))
                start = nil
            }
            if character.isNewline { line += 1 }
            preceding = character
        }
        if let from = start { found.append(Word(text: code[from...], line: line, preceding: preceding)) }
        return found
    }
}

/// Walks the source once and copies what is code.
private struct Scanner {
    var rest: Substring
    private var out = ""

    init(rest: Substring) { self.rest = rest }

    mutating func blanked() -> String {
        while let next = rest.first {
            if next != "/" && next != "\"" && next != "#" {
                out.append(next)
                rest = rest.dropFirst()
            } else if rest.hasPrefix("//") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                skipComment()
            } else if let hashes = literalHashes() {
                skipLiteral(hashes: hashes)
            } else {
                out.append(rest.removeFirst())
            }
        }
        return out
    }

    /// The number of `#` before the opening quote when a string literal begins here, otherwise nil.
    private func literalHashes() -> Int? {
        let hashes = rest.prefix { $0 == "#" }.count
        return rest.dropFirst(hashes).first == "\"" ? hashes : nil
    }

    private mutating func skipComment() {
        var depth = 0
        repeat {
            if rest.hasPrefix("/*") {
                depth += 1
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix("*/") {
                depth -= 1
                rest = rest.dropFirst(2)
            } else {
                keepNewline(rest.removeFirst())
            }
        } while depth > 0 && !rest.isEmpty
        out.append(" ")
    }

    private mutating func skipLiteral(hashes: Int) {
        let fence = String(repeating: "#", count: hashes)
        rest = rest.dropFirst(hashes)
        let quote = rest.hasPrefix("\"\"\"") ? "\"\"\"" : "\""
        rest = rest.dropFirst(quote.count)
        let end = quote + fence
        let escape = "\\" + fence
        out.append("\"")
        while !rest.isEmpty && !rest.hasPrefix(end) {
            if rest.hasPrefix(escape + "(") {
                rest = rest.dropFirst(escape.count + 1)
                keepInterpolation()
            } else if rest.hasPrefix(escape) {
                rest = rest.dropFirst(escape.count)
                if let escaped = rest.popFirst() { keepNewline(escaped) }
            } else if quote.count == 1, rest.first?.isNewline == true {
                break  // not a literal after all; a single-line one ends with its line
            } else {
                keepNewline(rest.removeFirst())
            }
        }
        if rest.hasPrefix(end) { rest = rest.dropFirst(end.count) }
        out.append("\"")
    }

    /// The interpolated expression is code: it may hold literals and parentheses of its own, and it is kept.
    private mutating func keepInterpolation() {
        var depth = 1
        out.append("(")
        while !rest.isEmpty && depth > 0 {
            if let hashes = literalHashes() {
                skipLiteral(hashes: hashes)
                continue
            }
            let character = rest.removeFirst()
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            out.append(character)
        }
    }

    private mutating func keepNewline(_ character: Character) {
        if character.isNewline { out.append(character) }
    }
}
