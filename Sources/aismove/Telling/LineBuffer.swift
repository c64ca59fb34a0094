import Foundation

/// Lines for standard output, written many at a time.
struct LineBuffer {
    private var text = ""

    mutating func add(_ line: String) {
        text += line
        text += "\n"
        if text.utf8.count > 1 << 16 { flush() }
    }

    mutating func flush() {
        Console.write(text, to: STDOUT_FILENO)
        text = ""
    }
}
