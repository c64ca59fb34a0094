import ObjectModel
import Yams

/// A job file's text as nodes with places. Keys are texts; tags, anchors and further documents are refused.
enum YAMLReader {
    static let levelsMax = 32
    /// Some editors begin UTF-8 with it.
    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    /// - Returns: nil for a text without a document.
    static func read(_ bytes: [UInt8], file: String) throws(JobError) -> JobNode? {
        let text: String
        do throws(YAMLGuard.Refusal) {
            text = try YAMLGuard.check(bytes.starts(with: byteOrderMark) ? Array(bytes.dropFirst(3)) : bytes)
        } catch {
            throw JobError(file: file, mark: error.mark, reason: error.reason)
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text, .basic, .default, .utf8)
        } catch let error as YamlError {
            throw refusal(error, file)
        } catch {
            throw JobError(file: file, mark: nil, reason: "is not YAML: \(error)")
        }
        guard let root else { return nil }
        return try node(root, file: file, levels: levelsMax)
    }

    private static func node(_ node: Node, file: String, levels: Int) throws(JobError) -> JobNode {
        let mark = place(node.mark)
        guard levels > 0 else { throw JobError(file: file, mark: mark, reason: "is nested too deeply") }
        switch node {
        case .scalar(let scalar):
            try checkTag(scalar.tag, mark, file)
            let isPlain = scalar.style == .plain && (scalar.tag.rawValue.isEmpty)
            return JobNode(mark: mark, content: .scalar(scalar.string, isPlain: isPlain))
        case .sequence(let sequence):
            try checkTag(sequence.tag, mark, file)
            var list: [JobNode] = []
            for element in sequence { list.append(try Self.node(element, file: file, levels: levels - 1)) }
            return JobNode(mark: mark, content: .list(list))
        case .mapping(let mapping):
            try checkTag(mapping.tag, mark, file)
            var members: [JobNode.Member] = []
            for (key, value) in mapping {
                guard case .scalar(let name) = key else {
                    throw JobError(file: file, mark: place(key.mark), reason: "a key is a word")
                }
                members.append(
                    JobNode.Member(
                        key: name.string, mark: place(key.mark),
                        value: try Self.node(value, file: file, levels: levels - 1)))
            }
            return JobNode(mark: mark, content: .map(members))
        case .alias: throw JobError(file: file, mark: mark, reason: "aliases (*name) are not taken in job files")
        }
    }

    private static func checkTag(_ tag: Tag, _ mark: JobMark, _ file: String) throws(JobError) {
        switch tag.rawValue {
        case "", "!", Tag.Name.str.rawValue, Tag.Name.seq.rawValue, Tag.Name.map.rawValue: return
        default: throw JobError(file: file, mark: mark, reason: "tags (\(tag.rawValue)) are not taken in job files")
        }
    }

    private static func place(_ mark: Mark?) -> JobMark { JobMark(line: mark?.line ?? 1, column: mark?.column ?? 1) }

    private static func refusal(_ error: YamlError, _ file: String) -> JobError {
        func at(_ mark: Mark, _ problem: String, _ context: YamlError.Context?) -> JobError {
            let whole = [context?.text, problem].compactMap { $0 }.joined(separator: ", ")
            return JobError(file: file, mark: place(mark), reason: "is not YAML: \(whole)\(hint(whole))")
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            return at(mark, problem, context)
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map(NameError.printable).joined(separator: ", ")
            return JobError(file: file, mark: place(context.mark), reason: "\(names) is given more than once")
        case .reader(let problem, _, _, _): return JobError(file: file, mark: nil, reason: "is not YAML: \(problem)")
        default: return JobError(file: file, mark: nil, reason: "is not YAML: \(error)")
        }
    }

    private static func hint(_ problem: String) -> String {
        if problem.contains("alias") { return "; put a text that begins with * into quotes" }
        if problem.contains("token") {
            return "; indent with blanks, and put a text that begins with % @ or ` into quotes"
        }
        if problem.contains("mapping values are not allowed") { return "; put a text that holds ': ' into quotes" }
        if problem.contains("another document") { return "; a job file holds one document" }
        return ""
    }
}
