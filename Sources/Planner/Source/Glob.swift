/// A pattern over object names: `*` and `?` stay within a component, `**` crosses slashes (`**/` may also be nothing),
/// `[a-z]` and `[!a-z]` are one character, `\` takes the next one as it is.
///
/// A pattern without a slash is compared with the last component, one with a slash with the whole name.
/// Matching takes name length × pattern length steps at most, whatever the pattern.
public struct Glob: Sendable, Hashable, CustomStringConvertible {
    private enum Token: Sendable, Hashable {
        case scalar(UInt32)
        case any
        case star
        case globstar
        /// `**/` is these two: go on behind both or enter; whole components with their slashes.
        case optional
        case directories
        case set(ranges: [ClosedRange<UInt32>], negated: Bool)
    }

    public struct PatternError: Error, Sendable, Hashable, CustomStringConvertible {
        public let pattern: String
        public let reason: String
        public var description: String { "pattern \"\(pattern)\": \(reason)" }
    }

    public let description: String
    private let tokens: [Token]
    private let wholeName: Bool

    public init(_ pattern: String) throws(PatternError) {
        guard !pattern.isEmpty else { throw PatternError(pattern: pattern, reason: "it is empty") }
        description = pattern
        wholeName = pattern.utf8.contains(ASCII.slash)
        var tokens: [Token] = []
        var rest = Substring(pattern).unicodeScalars
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*":
                guard rest.first == "*" else {
                    tokens.append(.star)
                    continue
                }
                while rest.first == "*" { rest.removeFirst() }
                let atStart =
                    tokens.isEmpty || tokens.last == .scalar(UInt32(ASCII.slash)) || tokens.last == .directories
                if atStart, rest.first == "/" {
                    rest.removeFirst()
                    tokens += [.optional, .directories]
                } else {
                    tokens.append(.globstar)
                }
            case "?": tokens.append(.any)
            case "[":
                guard let set = Self.set(&rest) else {
                    throw PatternError(pattern: pattern, reason: "a '[' is not closed, or a range in it runs backwards")
                }
                tokens.append(set)
            case "\\":
                guard let next = rest.popFirst() else {
                    throw PatternError(pattern: pattern, reason: "it ends in a backslash")
                }
                tokens.append(.scalar(next.value))
            default: tokens.append(.scalar(scalar.value))
            }
        }
        self.tokens = tokens
    }

    public func matches(_ name: String) -> Bool {
        var scalars = name.unicodeScalars[...]
        if !wholeName, let slash = scalars.lastIndex(of: "/") { scalars = scalars[scalars.index(after: slash)...] }
        // reached[i]: the scalars so far can be read by the first i tokens.
        var reached = [Bool](repeating: false, count: tokens.count + 1)
        reached[0] = true
        skipEmpty(&reached)
        for scalar in scalars {
            var next = [Bool](repeating: false, count: tokens.count + 1)
            for (index, token) in tokens.enumerated() where reached[index] { step(token, index, scalar, &next) }
            skipEmpty(&next)
            reached = next
        }
        return reached[tokens.count]
    }

    private func step(_ token: Token, _ index: Int, _ scalar: Unicode.Scalar, _ next: inout [Bool]) {
        let isSlash = scalar == "/"
        switch token {
        case .scalar(let value): if scalar.value == value { next[index + 1] = true }
        case .any: if !isSlash { next[index + 1] = true }
        case .star: if !isSlash { next[index] = true }
        case .globstar: next[index] = true
        case .optional: break
        case .directories:
            next[index] = true
            if isSlash { next[index + 1] = true }
        case .set(let ranges, let negated):
            if !isSlash, ranges.contains(where: { $0.contains(scalar.value) }) != negated { next[index + 1] = true }
        }
    }

    /// Goes on where a token need not read anything.
    private func skipEmpty(_ reached: inout [Bool]) {
        for (index, token) in tokens.enumerated() where reached[index] {
            switch token {
            case .star, .globstar: reached[index + 1] = true
            case .optional:
                reached[index + 1] = true
                reached[index + 2] = true
            default: break
            }
        }
    }

    /// The inside of `[…]`, its bracket read; nil when it is malformed. A `]` right at the start means itself.
    private static func set(_ rest: inout Substring.UnicodeScalarView) -> Token? {
        var negated = false
        if rest.first == "!" || rest.first == "^" {
            negated = true
            rest.removeFirst()
        }
        var ranges: [ClosedRange<UInt32>] = []
        while let scalar = rest.popFirst() {
            if scalar == "]", !ranges.isEmpty { return .set(ranges: ranges, negated: negated) }
            guard let low = scalar == "\\" ? rest.popFirst() : scalar else { return nil }
            var high = low
            if rest.first == "-", let end = rest.dropFirst().first, end != "]" {
                rest.removeFirst(2)
                guard let taken = end == "\\" ? rest.popFirst() : end else { return nil }
                high = taken
            }
            guard low <= high else { return nil }
            ranges.append(low.value...high.value)
        }
        return nil
    }
}

/// Which object names a source takes: those that an include pattern matches (all, when there is none) and no exclude
/// pattern does.
public struct NameFilter: Sendable, Hashable {
    public let include: [Glob]
    public let exclude: [Glob]

    public init(include: [String] = [], exclude: [String] = []) throws(Glob.PatternError) {
        var globs: [[Glob]] = [[], []]
        for pattern in include { globs[0].append(try Glob(pattern)) }
        for pattern in exclude { globs[1].append(try Glob(pattern)) }
        self.include = globs[0]
        self.exclude = globs[1]
    }

    private init() { (include, exclude) = ([], []) }

    /// Takes every name.
    public static let all = NameFilter()

    public var takesAll: Bool { include.isEmpty && exclude.isEmpty }

    public func takes(_ name: String) -> Bool {
        if takesAll { return true }
        guard include.isEmpty || include.contains(where: { $0.matches(name) }) else { return false }
        return !exclude.contains { $0.matches(name) }
    }
}
