import Foundation

/// The entries of a `--from` list, one at a time and whatever its format; memory is one entry's.
///
/// Not thread-safe: it belongs to the sequence that pulls it.
public final class ListReader {
    private enum Form {
        case lines(ListFormat)
        case json(JSONItems)
        case separated(SeparatedItems)
        case known(KnownShards.Reading)
        case empty
    }

    private let input: ListInput
    private let builder: ItemBuilder
    private var form: Form?
    private var known: KnownShards?

    /// - Parameters:
    ///   - name: the file for messages; its last component is where promised digests come from.
    ///   - base: URL of the directory that names stand beside (checksum lists, names alone).
    ///   - chunk: gives the following bytes, nil at the end.
    public init(name: String, base: String? = nil, chunk: @escaping () throws -> [UInt8]?) {
        input = ListInput(file: name, chunk: chunk)
        let directory = base.map { $0.utf8.last == ASCII.slash ? $0 : $0 + "/" }
        builder = ItemBuilder(input, base: directory)
    }

    /// A list that is in memory.
    public convenience init(name: String, base: String? = nil, bytes: [UInt8]) {
        var rest: [UInt8]? = bytes
        self.init(name: name, base: base) {
            defer { rest = nil }
            return rest
        }
    }

    /// Entries that are known already: those of an index page or of a report.
    public init(name: String, known: KnownShards) {
        input = ListInput(file: name) { nil }
        builder = ItemBuilder(input, base: nil)
        self.known = known
    }

    /// Opens a file, or standard input for `-`.
    public static func open(_ file: String, base: String? = nil) throws(ListError) -> ListReader {
        guard file != "-" else { return ListReader(name: file, base: base, handle: .standardInput) }
        guard let handle = FileHandle(forReadingAtPath: file) else {
            throw ListError(file: file, line: 0, reason: "cannot be opened for reading")
        }
        return ListReader(name: file, base: base, handle: handle)
    }

    private convenience init(name: String, base: String?, handle: FileHandle) {
        self.init(name: name, base: base) {
            guard let data = try handle.read(upToCount: 256 << 10), !data.isEmpty else { return nil }
            return Array(data)
        }
    }

    /// The next entry, nil at the end.
    public func next() throws(ListError) -> ListedItem? {
        if form == nil { form = try start() }
        switch form {
        case .json(var items):
            let item = try items.next()
            form = .json(items)
            return item
        case .separated(var items):
            let item = try items.next()
            form = .separated(items)
            return item
        case .lines(let format): return try line(format)
        case .known(let following): return try following()
        case .empty, nil: return nil
        }
    }

    private func start() throws(ListError) -> Form {
        if let known { return .known(try known.open()) }
        guard let format = try ListFormat.sniff(input, hasBase: builder.base != nil) else { return .empty }
        switch format {
        case .jsonList, .jsonMap, .jsonLines:
            // Comment lines before JSON have been looked over only.
            while try JSONScanner(input: input).peek() == ASCII.hash { _ = try input.readLine() }
            return .json(JSONItems(input, format: format, builder: builder))
        case .csv: return .separated(SeparatedItems(input, separator: ASCII.comma, builder: builder))
        case .tsv: return .separated(SeparatedItems(input, separator: ASCII.tab, builder: builder))
        case .checksums where builder.base == nil:
            throw input.error("a checksum list has names only: give the URL of their directory with it", line: 0)
        case .urls, .checksums: return .lines(format)
        }
    }

    private func line(_ format: ListFormat) throws(ListError) -> ListedItem? {
        while true {
            let number = input.line
            guard let bytes = try input.readLine() else { return nil }
            let text = trimmed(bytes[...])
            guard let first = text.first, first != ASCII.hash else { continue }
            var item = builder.fresh(line: number)
            if format == .urls {
                item.url = Array(text)
            } else {
                let entry = try checksum(bytes, number)
                item.name = entry.name
                item.digests = [.init(digest: entry.digest, origin: builder.origin)]
            }
            return try item.item()
        }
    }

    private func checksum(_ bytes: [UInt8], _ number: Int) throws(ListError) -> ChecksumLine {
        do throws(ChecksumLine.Fault) {
            let entry = try ChecksumLine(bytes[...])
            guard entry.digest.algorithm != .sha512 || !builder.origin.lowercased().hasPrefix("b2") else {
                throw .digest("BLAKE2 digests are not checked; use sha256sum or sha512sum")
            }
            return entry
        } catch {
            switch error {
            case .form: throw input.error("expected \"HEX  name\" or \"SHA256 (name) = HEX\"", line: number)
            case .digest(let reason): throw input.error(reason, line: number)
            }
        }
    }
}
