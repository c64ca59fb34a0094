import Foundation
import NodeStore
import ObjectModel
import Planner
import TestSupport
import Testing

@testable import Mover

/// Who gets what the plan holds.
struct JobQueueTests {
    private func queue(
        _ url: String, in scratch: ScratchDirectory, onSettle: @escaping @Sendable (PlannedShard) -> Void
    ) throws -> JobQueue {
        let store = try NodeStore.initialise(directory: "\(scratch.path)/store")
        let registered = try store.register([BucketRequest(try Bucket(provider: .ais, name: "b"))], now: 1)
        let bucket = try store.openBucket(try #require(registered.first))
        let source = try SourceSpec(url, to: "ais://b").understand()
        let survey = Survey(
            ShardSequence([source]), buckets: [bucket.bucket.bucket: bucket], check: .presence)
        let context = RunContext(
            options: RunOptions(), store: store, recorder: RunRecorder(observer: { _ in }), stop: StopSignal())
        return JobQueue(survey: survey, sources: 1, context: context) { surveyed in
            onSettle(surveyed.shard)
            return surveyed.placement.map {
                ShardJob(surveyed, bucket: bucket, placement: $0, backend: nil, sourceTag: "", mayMiss: false)
            }
        }
    }

    /// The last name is in the hand of a lane that may not take it, being busy: the others wait for it.
    @Test func noLaneGoesHomeWhileANameIsInHand() throws {
        let scratch = try TestSupport.scratch("queue")
        let (found, goOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let queue = try queue("http://127.0.0.1/x-{0..1}.tar", in: scratch) { shard in
            guard shard.object == "x-1.tar" else { return }
            found.signal()
            goOn.wait()
        }
        var examiner = queue.examiner
        guard case .job(let first) = queue.next(lane: 0, underWay: 0, &examiner) else {
            Issue.record("no job")
            return
        }
        #expect(first.shard.object == "x-0.tar")
        let busy = Thread {
            var examiner = queue.examiner
            _ = queue.next(lane: 0, underWay: 1, &examiner)
        }
        busy.start()
        found.wait()
        var other = queue.examiner
        let early = queue.next(lane: 1, underWay: 0, &other)
        goOn.signal()
        guard case .notNow = early else {
            Issue.record("lane 1 was sent home")
            return
        }
        var late: JobQueue.Take
        repeat { late = queue.next(lane: 1, underWay: 0, &other) } while late.isNotNow
        guard case .job(let second) = late else {
            Issue.record("lane 1 did not get what lane 0 left")
            return
        }
        #expect(second.shard.object == "x-1.tar")
        #expect(queue.next(lane: 1, underWay: 0, &other).isDry)
    }

    /// A failed shard is asked for again by whoever is free; until then nobody goes home.
    @Test func anotherLaneMayTakeALaterAttempt() throws {
        let scratch = try TestSupport.scratch("queue")
        let queue = try queue("http://127.0.0.1/x-{0..0}.tar", in: scratch) { _ in }
        var examiner = queue.examiner
        guard case .job(let job) = queue.next(lane: 0, underWay: 0, &examiner) else {
            Issue.record("no job")
            return
        }
        queue.delay(job, seconds: 0.2)
        let early = queue.next(lane: 1, underWay: 0, &examiner)
        #expect(early.isNotNow)
        Thread.sleep(forTimeInterval: 0.2)
        #expect(queue.next(lane: 0, underWay: 1, &examiner).isDry, "a busy lane is not given it")
        guard case .job(let again) = queue.next(lane: 1, underWay: 0, &examiner) else {
            Issue.record("lane 1 did not get what lane 0 gave back")
            return
        }
        #expect(again === job)
        #expect(queue.next(lane: 1, underWay: 0, &examiner).isDry)
    }
}

extension JobQueue.Take {
    fileprivate var isNotNow: Bool { if case .notNow = self { true } else { false } }
    fileprivate var isDry: Bool { if case .dry = self { true } else { false } }
}
