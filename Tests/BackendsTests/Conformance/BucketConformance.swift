import ObjectModel
import Testing

@testable import Backends

/// Whether a bucket is found, missed and refused as it should.
struct BucketConformance {
    let subject: ConformanceSubject

    init(_ subject: ConformanceSubject) { self.subject = subject }

    func run() throws {
        let connected = try subject.provider.connect(subject.bucket, in: subject.environment, lookup: true)
        #expect(connected.facts != nil, "\(subject.name): looked up, so its facts are known")
        #expect(connected.backend.bucket == subject.bucket.bucket, "\(subject.name)")
        let bare = try subject.provider.connect(subject.bucket, in: subject.environment, lookup: false)
        #expect(bare.backend.bucket == subject.bucket.bucket, "\(subject.name)")
        if let missing = subject.missing {
            #expect(
                try kind { try subject.provider.connect(missing, in: subject.environment, lookup: true) } == .noBucket)
        }
        if let (address, environment) = subject.refused {
            let kinds: [BackendError.Kind?] = [
                try kind { try subject.provider.connect(address, in: environment, lookup: true) },
                try kind { try subject.provider.buckets(address, in: environment) },
            ]
            for kind in kinds { #expect(kind == .refused || kind == .credentials, "\(subject.name): \(kinds)") }
        }
        if subject.listsBuckets {
            let buckets = try subject.provider.buckets(subject.bucket, in: subject.environment)
            #expect(buckets.contains(subject.bucket.bucket), "\(subject.name): \(buckets)")
            #expect(buckets.map(\.name) == ConformanceObjects.sorted(buckets.map(\.name)), "\(subject.name)")
        }
    }

    private func kind(_ body: () throws -> Any) throws -> BackendError.Kind? {
        do {
            _ = try body()
            Issue.record("\(subject.name): it should not have worked")
            return nil
        } catch let error as BackendError {
            #expect(!error.message.isEmpty)
            return error.kind
        }
    }
}
