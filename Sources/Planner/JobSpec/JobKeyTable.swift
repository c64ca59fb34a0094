/// The tables of `docs/jobs.md`, made from the definition of the keys: one for the file, one for each section.
public enum JobKeyTable {
    /// Markdown.
    public static var document: String {
        guard case .section(let root) = JobSpec.value.shape else { return "" }
        return sections(root, named: "The file").map(table).joined(separator: "\n")
    }

    private struct Section {
        var name: String
        var keys: [JobKeyNote]
    }

    private static func sections(_ section: JobSectionNote, named name: String) -> [Section] {
        [Section(name: name, keys: section.keys)]
            + section.keys.flatMap { key in
                inner(key.shape).map { sections($0, named: "`\(key.name)`") } ?? []
            }
    }

    /// The section in a shape; of one that is short enough to be told in a line there is no table.
    private static func inner(_ shape: JobShape) -> JobSectionNote? {
        switch shape {
        case .section(let section): section.keys.count > 1 ? section : nil
        case .list(let element): inner(element)
        case .either(let one, let other): inner(one) ?? inner(other)
        case .text, .flag, .whole, .number, .choice: nil
        }
    }

    private static func table(_ section: Section) -> String {
        let rows = section.keys.map { key in
            let name = key.isRequired ? "**`\(key.name)`**" : "`\(key.name)`"
            let cells = [name, escaped(title(key.shape)), escaped(key.standard), escaped(key.note)]
            return "| \(cells.joined(separator: " | ")) |\n"
        }
        return "### \(section.name)\n\n| key | value | default | for |\n|---|---|---|---|\n\(rows.joined())"
    }

    private static func title(_ shape: JobShape) -> String {
        switch shape {
        case .section(let section):
            section.keys.count > 1 ? "a section" : "{\(section.keys.map { "\($0.name): …" }.joined(separator: ", "))}"
        case .list(.section): "a list of sections"
        case .either(let one, .section(let section)): "\(title(one)), or \(title(.section(section)))"
        default: shape.title
        }
    }

    private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
