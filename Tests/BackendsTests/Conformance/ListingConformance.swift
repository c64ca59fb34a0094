import Hashing
import ObjectModel
import Testing

@testable import Backends

/// Listings: whole, by prefix, from a name on, one level.
struct ListingConformance {
    let subject: ConformanceSubject

    init(_ subject: ConformanceSubject) { self.subject = subject }

    func run() throws {
        try whole()
        try part(ListQuery(prefix: "many/"))
        try part(ListQuery(prefix: "many/01"))
        try part(ListQuery(prefix: "no such prefix"))
        try part(ListQuery(prefix: "odd/u"))
        try part(ListQuery(prefix: "many/", startAfter: "many/013"))
        try part(ListQuery(startAfter: "many/013x"))
        try part(ListQuery(startAfter: "~~~"))
        for name in subject.objects.names where name.hasPrefix("odd/") { try part(ListQuery(prefix: name)) }
        for name in subject.objects.names where name.hasPrefix("odd/") { try part(ListQuery(startAfter: name)) }
        for prefix in ["", "many/", "deep/", "deep/a", "odd/"] {
            try part(ListQuery(prefix: prefix, isOneLevel: true))
        }
        try missingBucket()
        try refusedListing()
    }

    private func whole() throws {
        let (entries, _, pages) = try list(ListQuery(pageSize: subject.pageSize))
        #expect(pages >= subject.pagesMin, "\(subject.name): \(pages) pages")
        compare(entries.map(\.name), ConformanceObjects.sorted(subject.objects.names), "all")
        for entry in entries {
            guard let bytes = subject.objects.bytes(of: entry.name) else { continue }
            #expect(entry.size == nil || entry.size == Int64(bytes.count), "\(subject.name): \(entry.name)")
            #expect(entry.validator.length == entry.size, "\(subject.name): \(entry.name)")
            #expect(entry.defect == nil, "\(subject.name): \(entry.name)")
            for promised in entry.digests {
                let actual = Digest.of(bytes.span.bytes, promised.digest.algorithm)
                #expect(actual == promised.digest, "\(subject.name): \(entry.name) \(promised)")
            }
        }
    }

    /// Any other listing, against what the objects' names say.
    private func part(_ query: ListQuery) throws {
        var query = query
        query.pageSize = subject.pageSize
        let names = subject.objects.names.filter { name in
            NameOrder.begins(name, with: query.prefix)
                && query.startAfter.map { NameOrder.precedes($0, name) } ?? true
        }
        var expected: [String] = []
        var levels: Set<[UInt8]> = []
        for name in names {
            let rest = Array(name.utf8.dropFirst(query.prefix.utf8.count))
            if query.isOneLevel, let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
                levels.insert(Array(query.prefix.utf8) + rest[...slash])
            } else {
                expected.append(name)
            }
        }
        let (entries, prefixes, _) = try list(query)
        compare(entries.map(\.name), ConformanceObjects.sorted(expected), "\(query)")
        let told = prefixes.map { Array($0.utf8) }
        let isRight = Set(told) == levels && told.count == levels.count
        #expect(isRight, "\(subject.name): \(query): \(prefixes)")
    }

    /// As bytes, with an outcome that names only what differs.
    private func compare(_ listed: [String], _ expected: [String], _ what: String) {
        let (left, right) = (listed.map { Array($0.utf8) }, expected.map { Array($0.utf8) })
        let isRight = left == right
        let different = left.difference(from: right).map { "\($0)" }
        #expect(
            isRight, "\(subject.name), \(what): \(listed.count) names for \(expected.count); \(different.prefix(3))")
    }

    private func missingBucket() throws {
        guard let missing = subject.missing else { return }
        let backend = try subject.provider.connect(missing, in: subject.environment, lookup: false).backend
        #expect(try failure(backend, subject.environment) == .noBucket, "\(subject.name)")
    }

    private func refusedListing() throws {
        guard let (address, environment) = subject.refused else { return }
        // Some credentials are found wanting before anything is listed.
        guard let backend = try? subject.provider.connect(address, in: environment, lookup: false).backend else {
            return
        }
        let kind = try failure(backend, environment)
        #expect(kind == .refused || kind == .credentials, "\(subject.name): \(String(describing: kind))")
    }

    private func failure(_ backend: any BucketBackend, _ environment: CloudEnvironment) throws -> BackendError.Kind? {
        var reader = ListingReader(backend, ListQuery(), lane: environment.makeLane())
        do throws(BackendError) {
            _ = try reader.nextPage()
            return nil
        } catch {
            return error.kind
        }
    }

    private func list(_ query: ListQuery) throws -> (entries: [ListedObject], prefixes: [String], pages: Int) {
        try readListing(subject.connect(), query, subject.environment)
    }
}

/// A listing to its end.
func readListing(
    _ backend: any BucketBackend, _ query: ListQuery, _ environment: CloudEnvironment
) throws(BackendError) -> (entries: [ListedObject], prefixes: [String], pages: Int) {
    var reader = ListingReader(backend, query, lane: environment.makeLane())
    var (entries, prefixes, pages): ([ListedObject], [String], Int) = ([], [], 0)
    while let page = try reader.nextPage() {
        entries += page.entries
        prefixes += page.prefixes
        pages += 1
    }
    return (entries, prefixes, pages)
}
