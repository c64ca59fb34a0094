/// Whether a listing's pages follow each other as they must: a pure check, page after page.
struct ListingProgress {
    private var lastName: String?
    private var lastPrefix: String?
    /// Tokens since a page last brought something new.
    private var tokens: Set<[UInt8]> = []

    /// Why nothing can follow the page; its own names are as good as any. Nil when it is the last, or leads on.
    mutating func deadEnd(_ page: ListPage, _ query: ListQuery, pagesMax: Int) -> String? {
        let isEmpty = page.entries.isEmpty && page.prefixes.isEmpty
        if !isEmpty { tokens.removeAll(keepingCapacity: true) }
        if let token = query.token { tokens.insert(Array(token.utf8)) }
        if let next = page.next {
            if next.isEmpty { return "a page announces more, but no continuation" }
            if tokens.contains(Array(next.utf8)) { return "a page leads back to a page before it" }
            if tokens.count >= pagesMax { return "\(pagesMax) pages in a row had no names" }
        }
        return nil
    }

    /// Why the page cannot be believed; nil when it is in order and goes on from those before. A level that was cut
    /// in two, so that its prefix comes again at the start of the next page, is left out there.
    mutating func disorder(_ page: inout ListPage, _ query: ListQuery) -> String? {
        if let last = lastPrefix, let first = page.prefixes.first, NameOrder.same(last, first) {
            page.prefixes.removeFirst()
        }
        return checkEntries(page.entries, query.prefix) ?? checkPrefixes(page.prefixes, query.prefix)
    }

    private mutating func checkEntries(_ entries: [ListedObject], _ prefix: String) -> String? {
        var last = lastName
        for entry in entries {
            if let last, !NameOrder.precedes(last, entry.name) {
                return NameOrder.same(last, entry.name)
                    ? "a name is listed twice" : "names are out of order; the source does not list in UTF-8 order"
            }
            if !NameOrder.begins(entry.name, with: prefix) { return "a name does not begin with the prefix" }
            last = entry.name
        }
        lastName = last
        return nil
    }

    private mutating func checkPrefixes(_ prefixes: [String], _ prefix: String) -> String? {
        for level in prefixes {
            if let last = lastPrefix, !NameOrder.precedes(last, level) { return "prefixes are out of order" }
            if !NameOrder.begins(level, with: prefix) { return "a prefix does not begin with the one asked for" }
            lastPrefix = level
        }
        return nil
    }
}
