import Foundation

/// Lines for standard output, written many at a time.
struct LineBuffer {
    private var text = ""
    private let isAll: Bool

    /// - Parameter isAll: the lines are all that the command is for: it ends when nobody reads on.
    init(isAll: Bool = true) { self.isAll = isAll }

    mutating func add(_ line: String) {
        text += line
        text += "\n"
        if text.utf8.count > 1 << 16 { flush() }
    }

    mutating func flush() {
        Console.write(text, to: STDOUT_FILENO)
        text = ""
        if isAll, Console.isReaderGone { exit(0) }
    }
}
