/// Reads the pipe tables of the project's own pages.
enum MarkdownTable {
    /// The rows below the header whose first cell is `header`, each as its trimmed cells; empty when there is none.
    static func rows(under header: String, in page: String) -> [[String]] {
        var rows: [[String]] = []
        var inside = false
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            guard let cells = cells(of: line) else {
                if inside { break }
                continue
            }
            if inside {
                rows.append(cells)
            } else if cells.first == header {
                inside = true
            }
        }
        return rows.filter { !$0.allSatisfy(isRule) }
    }

    /// The cells of the header whose first cell is `header`.
    static func columns(under header: String, in page: String) -> [String] {
        page.split(separator: "\n").lazy.compactMap(cells).first { $0.first == header } ?? []
    }

    private static func cells(of line: Substring) -> [String]? {
        guard line.hasPrefix("|") else { return nil }
        let inner = line.dropFirst().reversed().drop { $0 == " " }.reversed()
        let parts = String(inner).split(separator: "|", omittingEmptySubsequences: false).map(trimmed)
        return parts.last == "" ? Array(parts.dropLast()) : parts
    }

    private static func trimmed(_ cell: Substring) -> String {
        String(String(cell.drop { $0 == " " }.reversed()).drop { $0 == " " }.reversed())
    }

    private static func isRule(_ cell: String) -> Bool {
        !cell.isEmpty && cell.allSatisfy { $0 == "-" || $0 == ":" }
    }
}
