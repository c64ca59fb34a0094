import Foundation

/// The links of the project's own Markdown pages.
enum PageLinks {
    /// What `[text](target)` of a page points to, without fenced code.
    static func targets(in page: String) -> [String] {
        prose(of: page).flatMap { line in
            line.matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) }
        }
    }

    /// The anchors of a page's headings, as GitHub and GitLab make them.
    static func anchors(of page: String) -> Set<String> {
        Set(
            prose(of: page).filter { $0.hasPrefix("#") }.map { heading in
                let text = heading.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
                return String(
                    text.filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
                        .map { $0 == " " ? "-" : $0 })
            })
    }

    /// Why a link of the page at `path` leads nowhere; nil when it leads somewhere, or out of the repository.
    static func fault(in target: String, at path: String) throws -> String? {
        if target.contains("://") || target.hasPrefix("mailto:") { return nil }
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let file = parts[0].isEmpty ? path : resolved(parts[0], beside: path)
        guard Repository.exists(file) else { return "\(path): \(target): no such file" }
        guard parts.count == 2, file.hasSuffix(".md") else { return nil }
        let found = anchors(of: try Repository.text(file)).contains(parts[1])
        return found ? nil : "\(path): \(target): no such heading"
    }

    private static func resolved(_ target: String, beside path: String) -> String {
        var parts = path.split(separator: "/").dropLast().map(String.init)
        for part in target.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }

    private static func prose(of page: String) -> [Substring] {
        var isCode = false
        return page.split(separator: "\n").filter { line in
            if line.hasPrefix("```") { isCode.toggle() }
            return !isCode
        }
    }
}
