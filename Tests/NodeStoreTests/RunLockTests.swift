import Foundation
import NodeStore
import ObjectModel
import Testing

struct RunLockTests {
    @Test func oneRunABucket() throws {
        let scratch = try StoreScratch()
        let store = try scratch.store()
        let other = try NodeStore.open(directory: store.directory)
        let (a, b) = (try BMDTests.bucket("ais://a"), try BMDTests.bucket("ais://b"))
        var held: RunLock? = try store.lockRuns([b, a, b], policy: .fail)
        #expect(held?.buckets == [a, b])
        #expect(BucketStore.kind { _ = try other.lockRuns([a], policy: .fail) } == .locked)
        _ = try other.lockRuns([try BMDTests.bucket("s3://a")], policy: .fail)
        var told: [String] = []
        var asked = 0
        let cancelled = #expect(throws: StoreError.self) {
            _ = try other.lockRuns([a], policy: .wait(deadline: nil)) {
                asked += 1
                return asked == 2
            } onWait: {
                told.append($0)
            }
        }
        #expect(cancelled?.errno == ECANCELED && told.count == 1 && told[0].contains("ais://a"))
        let late = #expect(throws: StoreError.self) {
            _ = try other.lockRuns([a], policy: .wait(deadline: .now))
        }
        #expect(late?.errno == ETIMEDOUT)
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            _ = try? other.lockRuns([a, b], policy: .wait(deadline: nil))
            done.signal()
        }
        held = nil
        done.wait()
        #expect(held == nil)
        _ = try store.lockRuns([a, b], policy: .fail)
    }
}
