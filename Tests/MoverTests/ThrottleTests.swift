import Testing

@testable import Mover

@Suite struct ThrottleTests {
    @Test func aBurstPassesThenTheRateHolds() {
        let throttle = Throttle(perSecond: 100, now: 0)
        #expect(throttle.take(25, now: 0) == 0)
        #expect(throttle.take(50, now: 0) == 0.5)
        #expect(throttle.take(10, now: 0.5) == 0.1)
        #expect(throttle.take(1, now: 100) == 0)
    }

    /// Idle time is not saved up without bound.
    @Test func idleTimeGivesAQuarterSecondOnly() {
        let throttle = Throttle(perSecond: 1000, now: 0)
        #expect(throttle.take(250, now: 3600) == 0)
        #expect(throttle.take(1000, now: 3600) == 1)
    }

    @Test func theFirstReasonToStopStaysButAnInterruptionComesBeforeAll() {
        let stop = StopSignal()
        #expect(!stop.isStopped)
        stop.stop(.deadline)
        stop.stop(.noSpace("full"))
        #expect(stop.isStopped)
        #expect(stop.reason == .deadline)
        stop.stop(.interrupted)
        stop.stop(.deadline)
        #expect(stop.reason == .interrupted)
    }
}
