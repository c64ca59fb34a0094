/// Items of a JSON list, map, or objects one after the other, each read when it is asked for.
struct JSONItems {
    private enum Stage { case start, inside, end }

    private let scanner: JSONScanner
    private let format: ListFormat
    private let builder: ItemBuilder
    private var stage = Stage.start

    init(_ input: ListInput, format: ListFormat, builder: ItemBuilder) {
        scanner = JSONScanner(input: input)
        self.format = format
        self.builder = builder
    }

    mutating func next() throws(ListError) -> ListedItem? {
        switch format {
        case .jsonList: try element(ASCII.openBracket, ASCII.closeBracket)
        case .jsonMap: try element(ASCII.openBrace, ASCII.closeBrace)
        default: try scanner.peek() == nil ? nil : object(builder.fresh(line: scanner.input.line))
        }
    }

    /// The next element between brackets, commas between them checked.
    private mutating func element(_ open: UInt8, _ close: UInt8) throws(ListError) -> ListedItem? {
        let isFirst = stage == .start
        if isFirst {
            try scanner.expect(open, "a JSON list or map")
            stage = .inside
        }
        guard stage == .inside else { return nil }
        if try scanner.take(close) {
            stage = .end
            guard try scanner.peek() == nil else { throw try scanner.unexpected("nothing behind the list") }
            return nil
        }
        if !isFirst { try scanner.expect(ASCII.comma, "',' or '\(Character(Unicode.Scalar(close)))'") }
        _ = try scanner.peek()
        var item = builder.fresh(line: scanner.input.line)
        if format == .jsonMap {
            item.name = try scanner.string("a name in quotes")
            try scanner.expect(ASCII.colon, "':' and a URL")
        }
        guard try scanner.peek() == ASCII.quote else { return try object(item) }
        item.url = try scanner.string("a URL in quotes")
        return try item.item()
    }

    /// An item's object: known keys only, each once.
    private func object(_ empty: ItemBuilder) throws(ListError) -> ListedItem {
        var item = empty
        let nameFromMap = item.name != nil
        var seen: Set<ItemColumn> = nameFromMap ? [.name] : []
        try scanner.expect(ASCII.openBrace, "a URL in quotes or an object {\"url\": …}")
        var isFirst = true
        while try !scanner.take(ASCII.closeBrace) {
            if !isFirst { try scanner.expect(ASCII.comma, "',' or '}'") }
            isFirst = false
            let key = String(decoding: try scanner.string("a key in quotes"), as: UTF8.self)
            guard let column = ItemColumn(key) else {
                throw scanner.input.error("unknown key \"\(key.prefix(60))\"; known: \(ItemColumn.known)")
            }
            guard seen.insert(column).inserted else {
                throw scanner.input.error(
                    "key \"\(key)\" is there twice" + (nameFromMap ? " (the map names it too)" : ""))
            }
            try scanner.expect(ASCII.colon, "':'")
            try value(column, key, &item)
        }
        return try item.item()
    }

    private func value(_ column: ItemColumn, _ key: String, _ item: inout ItemBuilder) throws(ListError) {
        if try scanner.null() { return }
        if column == .size, let number = try scanner.number() { return try item.set(column, number) }
        if column == .digest, try scanner.take(ASCII.openBracket) {
            var isFirst = true
            while try !scanner.take(ASCII.closeBracket) {
                if !isFirst { try scanner.expect(ASCII.comma, "',' or ']'") }
                isFirst = false
                try item.set(column, try scanner.string("a digest in quotes"))
            }
            return
        }
        try item.set(column, try scanner.string("a string for \"\(key)\""))
    }
}
