/// Items of a CSV (RFC 4180) or TSV list with a header.
struct SeparatedItems {
    private let input: ListInput
    private let separator: UInt8
    private let builder: ItemBuilder
    private var columns: [ItemColumn]?

    init(_ input: ListInput, separator: UInt8, builder: ItemBuilder) {
        self.input = input
        self.separator = separator
        self.builder = builder
    }

    mutating func next() throws(ListError) -> ListedItem? {
        while true {
            let line = input.line
            guard let fields = try record() else { return nil }
            // A blank line, or a comment (only where a record could not begin with '#': no URL or name column does).
            if fields.count == 1, fields[0].isEmpty { continue }
            guard let columns else {
                if fields[0].first == ASCII.hash { continue }
                self.columns = try header(fields, line)
                continue
            }
            guard fields.count == columns.count else {
                throw input.error("expected \(columns.count) fields as in the header, not \(fields.count)", line: line)
            }
            var item = builder.fresh(line: line)
            for (column, field) in zip(columns, fields) { try item.set(column, field) }
            return try item.item()
        }
    }

    private func header(_ fields: [[UInt8]], _ line: Int) throws(ListError) -> [ItemColumn] {
        var columns: [ItemColumn] = []
        for field in fields {
            let name = String(decoding: field, as: UTF8.self)
            guard let column = ItemColumn(name) else {
                throw input.error("unknown column \"\(name.prefix(60))\"; known: \(ItemColumn.known)", line: line)
            }
            guard !columns.contains(column) else { throw input.error("column \"\(name)\" is there twice", line: line) }
            columns.append(column)
        }
        return columns
    }

    /// The fields of the next record; quoted ones may hold separators, line ends and doubled quotes.
    private func record() throws(ListError) -> [[UInt8]]? {
        guard try input.peek() != nil else { return nil }
        let line = input.line
        var fields: [[UInt8]] = []
        var field: [UInt8] = []
        var total = 0
        while true {
            if field.isEmpty, try input.peek() == ASCII.quote {
                field = try quoted(line)
                total += field.count
                let end = try input.next()
                if end == separator {
                    fields.append(field)
                    field = []
                    continue
                }
                let isEnd = end == ASCII.carriageReturn ? try endsLine() : end == nil || end == ASCII.newline
                guard isEnd else { throw input.error("expected a separator behind a quoted field", line: line) }
                return fields + [field]
            }
            guard let byte = try input.next(), byte != ASCII.newline else {
                if field.last == ASCII.carriageReturn { field.removeLast() }
                return fields + [field]
            }
            total += 1
            guard total <= ListInput.lineBytesMax, fields.count < 1_000 else {
                throw input.error("the record is longer than 1 MiB or 1,000 fields", line: line)
            }
            if byte == separator {
                fields.append(field)
                field = []
            } else {
                field.append(byte)
            }
        }
    }

    private func endsLine() throws(ListError) -> Bool {
        let byte = try input.next()
        return byte == nil || byte == ASCII.newline
    }

    private func quoted(_ line: Int) throws(ListError) -> [UInt8] {
        _ = try input.next()
        var field: [UInt8] = []
        while let byte = try input.next() {
            if byte == ASCII.quote {
                guard try input.peek() == ASCII.quote else { return field }
                _ = try input.next()
            }
            field.append(byte)
            guard field.count <= ListInput.lineBytesMax else {
                throw input.error("a quoted field is longer than 1 MiB", line: line)
            }
        }
        throw input.error("a quoted field is not closed", line: line)
    }
}
