import Foundation
import ObjectModel
import Testing

@testable import Backends

/// What would be written with an object: the keys that a node itself keeps.
struct MetadataConformance {
    let subject: ConformanceSubject

    init(_ subject: ConformanceSubject) { self.subject = subject }

    func run() throws {
        let backend = try subject.connect()
        let lane = CurlLane(subject.environment.network)
        let (entries, _, _) = try readListing(backend, ListQuery(prefix: "many/000"), subject.environment)
        let got = try lane.exchange(backend.objectRequest(backend.url(of: "many/000"), resume: nil), backend)
        for listed in [entries.first, nil] {
            let told = backend.metadata(got.head, listed: listed, into: subject.bucket.bucket)
            let names = told.custom.map(\.name)
            #expect(names.first == "source", "\(subject.name): \(names)")
            #expect(Set(names).count == names.count, "\(subject.name): \(names)")
            #expect(told.custom.allSatisfy { !$0.value.isEmpty }, "\(subject.name): \(told.custom)")
            if let expected = subject.metadataKeys { #expect(names == expected, "\(subject.name)") }
            if let etag = told.custom.first(where: { $0.name == "ETag" })?.value {
                #expect(!etag.contains("\""), "\(subject.name)")
            }
        }
    }
}
