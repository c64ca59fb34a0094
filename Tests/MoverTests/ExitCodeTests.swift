import Testing

@testable import Mover

/// The table of product.md, precedence included.
@Suite struct ExitCodeTests {
    private func tally(_ records: [(Outcome, FailureClass?)], allowed: Bool = false, mismatch: String? = nil) -> Tally {
        var tally = Tally()
        for (outcome, failure) in records {
            var record = ShardRecord(source: "http://h/x", object: "ais://b/x", outcome: outcome)
            record.failureClass = failure
            record.allowed = allowed
            record.mismatch = mismatch
            tally.add(record)
        }
        return tally
    }

    @Test func everyCodeHasItsNumber() {
        #expect(ExitCode.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 130])
    }

    @Test(arguments: [
        (FailureClass.transfer, ExitCode.someFailed), (.conflict, .someFailed), (.name, .someFailed),
        (.digest, .verification), (.size, .verification), (.tar, .verification), (.wrongContent, .verification),
        (.refused, .refused), (.space, .noSpace), (.store, .store),
    ])
    func eachFailureClassHasACode(failure: FailureClass, code: ExitCode) {
        #expect(ExitCode.of(tally([(.moved, nil), (.failed, failure)]), stop: nil) == code)
    }

    @Test func successIsOnlyWhatSucceeded() {
        #expect(ExitCode.of(Tally(), stop: nil) == .success)
        #expect(
            ExitCode.of(tally([(.moved, nil), (.present, nil), (.updated, nil), (.resumed, nil)]), stop: nil)
                == .success)
        #expect(ExitCode.of(tally([(.missing, nil)]), stop: nil) == .missing)
        #expect(ExitCode.of(tally([(.missing, nil)], allowed: true), stop: nil) == .success)
        #expect(ExitCode.of(tally([(.moved, nil)], mismatch: "md5 differs"), stop: nil) == .verification)
        #expect(ExitCode.of(Tally(), stop: nil, listingIncomplete: true) == .incomplete)
    }

    /// 130 before all; then the first of 6, 7, 3, 5, 1, 4, 10, 9.
    @Test func severalAtOnce() {
        let all: [(Outcome, FailureClass?)] = [
            (.failed, .store), (.failed, .space), (.failed, .tar), (.failed, .refused), (.failed, .transfer),
            (.missing, nil),
        ]
        let expected: [ExitCode] = [.store, .noSpace, .verification, .refused, .someFailed, .missing]
        for (index, code) in expected.enumerated() {
            let rest = tally(Array(all[index...]))
            #expect(ExitCode.of(rest, stop: .deadline, listingIncomplete: true) == code)
            #expect(ExitCode.of(rest, stop: .interrupted, listingIncomplete: true) == .interrupted)
        }
        #expect(ExitCode.of(Tally(), stop: .deadline, listingIncomplete: true) == .incomplete)
        #expect(ExitCode.of(Tally(), stop: .deadline) == .stopped)
        #expect(ExitCode.of(Tally(), stop: .noSpace("full")) == .noSpace)
        #expect(ExitCode.of(Tally(), stop: .storeGone("bucket removed")) == .store)
    }
}
