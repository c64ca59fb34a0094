import Foundation
import ObjectModel
import Testing

@testable import Backends

/// A web server with the conformance objects, as far as plain HTTP goes.
///
/// By its nature it has not: a bucket to be missing (a 404 is a hole), or to be listed among others; credentials that are
/// a provider's; listings with a prefix, a start, pages or levels. A listing is the index page of one directory.
struct HTTPSubject {
    var name: String
    var environment: CloudEnvironment
    var objects = ConformanceObjects.all
    /// Where an object or a directory is, by its name.
    var url: (String) -> String
    /// The same behind a lock.
    var refused: (String) -> String
    /// Index pages of the directories, by format.
    var indexes: [(format: IndexListing.Format, url: (String) -> String)]
}

/// Bucket, listing, objects, metadata: what there is of the suite for a web server.
func runHTTPConformance(_ subject: HTTPSubject) throws {
    let check = HTTPConformance(subject)
    try check.buckets()
    for index in subject.indexes {
        for directory in ["", "many/", "odd/", "deep/a/b/"] {
            try check.lists(directory, index.format, at: index.url(directory))
        }
    }
    try check.listsNothing()
    var objects = ObjectSubject(subject.name, HTTPBackend(), subject.environment, subject.objects, url: subject.url)
    // A web server tells no digests of its own.
    objects.promisesDigests = false
    try runObjectConformance(objects)
    try check.metadata()
}

private struct HTTPConformance {
    let subject: HTTPSubject
    let lane: CurlLane

    init(_ subject: HTTPSubject) {
        self.subject = subject
        lane = CurlLane(subject.environment.network)
    }

    /// What confirms a bucket, and what refuses it.
    func buckets() throws {
        let cases: [([String], BucketConfirmation.Verdict)] = [
            ([subject.url("many/000")], .confirmed), ([subject.url("no such object")], .confirmed),
            ([subject.refused("many/000"), subject.url("many/000")], .confirmed),
            ([subject.refused("many/000")], .refused(status: 401)),
        ]
        for (urls, expected) in cases {
            var confirmation = BucketConfirmation(urls: urls, backend: HTTPBackend())
            while let request = confirmation.next {
                let (head, body) = try lane.perform(request, bodyLimit: 1 << 20)
                lane.recycle(body)
                confirmation.answered(head)
            }
            #expect(confirmation.verdict == expected, "\(subject.name): \(urls)")
        }
    }

    /// The files right in a directory: names in UTF-8 order, sizes where they are told, URLs that lead to them.
    func lists(_ directory: String, _ format: IndexListing.Format, at url: String) throws {
        let listing = try page(url)
        let label: Comment = "\(subject.name), \(format), \(directory)"
        #expect(listing.format == format && listing.isComplete, label)
        #expect(listing.refused == [], label)
        let files = subject.objects.names.filter { name in
            NameOrder.begins(name, with: directory) && !name.dropFirst(directory.count).contains("/")
        }
        let expected = ConformanceObjects.sorted(files)
        let listed = listing.entries.map { Array((directory + $0.name).utf8) }
        #expect(listed == expected.map { Array($0.utf8) }, label)
        for entry in listing.entries {
            guard let bytes = subject.objects.bytes(of: directory + entry.name) else { continue }
            #expect(entry.size == nil || entry.size == Int64(bytes.count), "\(subject.name), \(format): \(entry.name)")
            #expect(format != .nginxJSON || entry.size != nil, "\(subject.name): \(entry.name)")
            let got = try lane.exchange(HTTPBackend().objectRequest(entry.url), HTTPBackend())
            #expect(got.body == bytes, "\(subject.name): \(entry.url)")
        }
    }

    func listsNothing() throws {
        let missing = try lane.exchange(HTTPRequest(url: subject.url("nowhere/")), HTTPBackend())
        #expect(missing.answer == .missing(status: 404), "\(subject.name)")
        let refused = try lane.exchange(HTTPRequest(url: subject.refused("many/")), HTTPBackend())
        #expect(refused.answer == .refused(status: 401), "\(subject.name)")
        #expect(throws: IndexPageError.self, "\(subject.name)") { try page(subject.url("many/000")) }
    }

    func metadata() throws {
        let url = subject.url("many/000")
        let got = try lane.exchange(HTTPBackend().objectRequest(url), HTTPBackend())
        let told = CustomMetadata.http(got.head, originalURL: url, into: .ht)
        #expect(told.map(\.0) == ["source", "ETag", "orig_url"], "\(subject.name)")
        #expect(told.last?.1 == url, "\(subject.name)")
        let elsewhere = CustomMetadata.http(got.head, originalURL: url, into: .ais)
        #expect(elsewhere.map(\.0) == ["source", "ETag", "orig_url", "LastModified"], "\(subject.name)")
    }

    private func page(_ url: String) throws -> IndexListing {
        let (head, body) = try lane.perform(HTTPRequest(url: url), bodyLimit: 1 << 20)
        defer { lane.recycle(body) }
        return try IndexPage.parse(body: body.bytes, contentType: head.headers["Content-Type"], pageURL: head.url)
    }
}
