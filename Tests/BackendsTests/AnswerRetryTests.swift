import Testing

@testable import Backends

@Suite struct AnswerRetryTests {
    @Test func retryableStatusesAreThoseOfTheTable() {
        let retryable = (100...599).filter(RetryPolicy.isRetryable(status:))
        #expect(retryable == [408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524])
    }

    @Test(arguments: [
        (1, 0.5), (2, 1.0), (3, 2.0), (6, 16.0), (7, 30.0), (8, 30.0),
    ])
    func theWaitIsARandomShareOfADoublingBound(attempt: Int, bound: Double) {
        let policy = RetryPolicy()
        for random in [0, 0.25, 0.999] {
            let decision = policy.decide(
                failure: .status(503), attempt: attempt, retryAfter: nil, random: random)
            #expect(decision == .retry(after: bound * random))
        }
    }

    @Test func retriesAreCounted() {
        let failure = RetryPolicy.Failure.status(500)
        #expect(RetryPolicy().decide(failure: failure, attempt: 9, retryAfter: nil, random: 0) == .giveUp)
        #expect(RetryPolicy(retries: 0).decide(failure: failure, attempt: 1, retryAfter: nil, random: 0) == .giveUp)
        let many = RetryPolicy(retries: .max)
        #expect(many.decide(failure: failure, attempt: 1 << 40, retryAfter: nil, random: 1) == .retry(after: 30))
    }

    @Test(arguments: [
        (2.0, 0.0, 2.0), (2.0, 0.5, 2.25), (1e9, 0.0, 600.0), (0.0, 0.5, 0.25), (-5.0, 0.5, 0.25),
        (Double.infinity, 0.0, 600.0), (Double.nan, 0.5, 0.25), (0.1, 1.0, 0.6),
    ])
    func retryAfterIsAMinimum(hint: Double, random: Double, expected: Double) {
        let decision = RetryPolicy().decide(failure: .status(429), attempt: 1, retryAfter: hint, random: random)
        #expect(decision == .retry(after: expected))
    }

    @Test func whatRetryingCannotMendIsGivenUp() {
        for status in [301, 400, 401, 403, 404, 410, 412, 416, 501, 505, 519, 525] {
            let decision = RetryPolicy().decide(failure: .status(status), attempt: 1, retryAfter: 1, random: 0)
            #expect(decision == .giveUp)
        }
        let tls = TransportError(.tls, url: "https://h/", message: "certificate has expired")
        let stalled = TransportError(.stalled, url: "https://h/", message: "no byte for 60 s")
        #expect(RetryPolicy().decide(failure: .transport(tls), attempt: 1, retryAfter: nil, random: 0) == .giveUp)
        #expect(
            RetryPolicy().decide(failure: .transport(stalled), attempt: 1, retryAfter: nil, random: 0)
                == .retry(after: 0))
    }

    @Test(
        arguments: [
            ("0", 0), ("120", 120), (" 7\t", 7), ("99999999999999999999999", 1e15),
            ("Sun, 06 Nov 1994 08:49:47 GMT", 10), ("Sunday, 06-Nov-94 08:49:47 GMT", 10),
            ("Sun Nov  6 08:49:47 1994", 10), ("Sun, 06 Nov 1994 08:49:30 GMT", 0),
        ] as [(String, Double)])
    func retryAfterInEveryForm(header: String, seconds: Double) {
        #expect(RetryAfter.seconds(header, now: 784_111_777) == seconds)
    }

    @Test(arguments: ["", " ", "soon", "-1", "1.5", "+3", "1e3", "٣", "Sun, 06 Nov 1994", "0x10", "1 2"])
    func otherRetryAfterIsIgnored(header: String) {
        #expect(RetryAfter.seconds(header, now: 0) == nil)
    }

    @Test func aDateIsMeasuredAgainstTheServersOwnClock() {
        let answer = head(
            503,
            ["Date": "Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After": "Sun, 06 Nov 1994 08:49:39 GMT"])
        #expect(RetryAfter.seconds(in: answer, now: 0) == 2)
        #expect(RetryAfter.seconds(in: head(503), now: 0) == nil)
        #expect(RetryAfter.seconds("Sun, 06 Nov 1994 08:49:39 GMT", now: .nan) == nil)
    }
}
