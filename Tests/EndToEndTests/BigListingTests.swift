import Foundation
import TestSupport
import Testing

/// Listings too large to keep, and listings that break.
struct BigListingTests {
    private static let memoryKiB = 96 << 10

    @Test func aHundredThousandKeysAreListedAndPlannedInFlatMemory() throws {
        let bucket = try MadeUpBucket(keys: 100_000)
        let scene = try Scene(bucket)
        let listed = try scene.measured(["ls", "s3://big", "--remote"])
        #expect(listed.run.status == 0, "\(listed.run.err)")
        #expect(listed.run.out.split(separator: "\n").count == 100_000)
        #expect(listed.peakKiB < Self.memoryKiB, "\(listed.peakKiB) KiB")
        let planned = try scene.measured(["plan", "s3://big/k/", "--json"])
        #expect(planned.run.status == 0, "\(planned.run.err)")
        #expect(planned.run.out.contains("\"shards\":100000"), "\(planned.run.out.suffix(500))")
        #expect(planned.peakKiB < Self.memoryKiB, "\(planned.peakKiB) KiB")
        #expect(bucket.objectRequests == 0)
    }

    @Test func aSecondRunAsksForNoObject() throws {
        let bucket = try MadeUpBucket(keys: 3000)
        let scene = try Scene(bucket)
        let first = try scene.prefetch("s3://big", "--no-sync")
        #expect(first.status == 0, first.said)
        #expect(first.counts == ["moved": 3000], first.said)
        let asked = bucket.objectRequests
        #expect(asked >= 3000)
        let second = try scene.prefetch("s3://big")
        #expect(second.counts == ["present": 3000], second.said)
        #expect(bucket.objectRequests == asked)
    }

    @Test(arguments: [MadeUpBucket.Fault.failing, .cut, .repeating, .unsorted])
    func aBrokenListingMovesWhatIsKnownAndSaysSo(fault: MadeUpBucket.Fault) throws {
        let bucket = try MadeUpBucket(keys: 5000, fault: fault)
        let scene = try Scene(bucket)
        let run = try scene.prefetch("s3://big", "--retries", "1", "--no-sync")
        #expect(run.status == 10, run.said)
        #expect(run.err.contains("incomplete"), run.said)
        let known = run.counts["moved"] ?? 0
        #expect(known >= MadeUpBucket.faultPage * MadeUpBucket.pageKeys, run.said)
        let again = try scene.prefetch("s3://big", "--retries", "1")
        #expect(again.status == 10, again.said)
        #expect(again.counts == ["present": known], "nothing is removed: \(again.said)")
        // What answers 500 is asked eight more times by ls.
        guard fault != .failing else { return }
        let listed = try scene.onStore("ls", "s3://big", "--remote")
        #expect(listed.status == 10, "\(listed.err)")
    }

    @Test func aStopEndsAListingThatHangs() throws {
        let server = try ResponderServer { request in
            if request.query["continuation-token"] != nil { Thread.sleep(forTimeInterval: 30) }
            guard request.query["list-type"] != nil else { return .init(200) }
            return .init(
                200,
                text: """
                    <ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken>\
                    <Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>
                    """)
        }
        let scene = try Scene()
        let running = try scene.start(
            "prefetch", "s3://big", "--endpoint", server.origin, "--no-sign-request", "--region", "us-east-1")
        #expect(eventually { server.requests.contains { $0.query["continuation-token"] != nil } })
        running.send(SIGINT)
        #expect(eventually { !running.isRunning }, "a stop is not kept waiting by a page")
    }
}
