/// What the process says to cron; the table is in the README, in `--help` and in a test.
public enum ExitCode: Int32, Sendable, CaseIterable {
    case success = 0
    case someFailed = 1
    case usage = 2
    case verification = 3
    case missing = 4
    case refused = 5
    case store = 6
    case noSpace = 7
    case locked = 8
    case stopped = 9
    case incomplete = 10
    case interrupted = 130

    /// One line of the table.
    public var meaning: String {
        switch self {
        case .success: "everything asked for is in the store, verified"
        case .someFailed: "some shards failed (transfer, conflict, name); the rest are in the store"
        case .usage: "usage: flags, template, two sources of one name known before moving"
        case .verification:
            "verification: digest, size, tar or wrong content; damage found by verify; --locked and the source has moved; a logged"
                + " mismatch"
        case .missing: "some shards are missing: at the source, or in the store with --offline"
        case .refused: "source refused: credentials, permission, bucket not found"
        case .store: "store: not a store, BMD, VMD or store file unreadable, unknown version, a cluster's BMD"
        case .noSpace: "no space (before or during the run)"
        case .locked: "another run holds the lock"
        case .stopped: "stopped by deadline or window, resumable"
        case .incomplete: "incomplete listing, or the deletion brake"
        case .interrupted: "interrupted, resumable"
        }
    }

    /// What decides when several hold at once: the first of these wins. (2 and 8 end a run before anything moves.)
    static let precedence: [ExitCode] = [
        .interrupted, .store, .noSpace, .verification, .refused, .someFailed, .missing, .incomplete, .stopped,
    ]

    /// The code of a run that came to its end.
    /// - Parameters:
    ///   - tally: what became of the shards.
    ///   - stop: why the run stopped early, if it did.
    ///   - listingIncomplete: a listing or index page did not end properly.
    ///   - isVerification: bad metadata is damage that was looked for.
    ///   - isRepair: what fails or is missing was found damaged, and still is.
    public static func of(
        _ tally: Tally, stop: StopReason?, listingIncomplete: Bool = false, isVerification: Bool = false,
        isRepair: Bool = false
    ) -> ExitCode {
        var codes: Set<ExitCode> = []
        for (failure, count) in tally.failures where count > 0 {
            codes.insert(isVerification && failure == .store ? .verification : of(failure))
            if isRepair { codes.insert(.verification) }
        }
        if tally.mismatches > 0 { codes.insert(.verification) }
        if tally.missingUnexpected > 0 { codes.insert(isRepair ? .verification : .missing) }
        if listingIncomplete { codes.insert(.incomplete) }
        switch stop {
        case .interrupted: codes.insert(.interrupted)
        case .deadline, .windowClosed: codes.insert(.stopped)
        case .noSpace: codes.insert(.noSpace)
        case .storeGone: codes.insert(.store)
        case nil: break
        }
        return precedence.first(where: codes.contains) ?? .success
    }

    /// The code that one failed shard calls for.
    static func of(_ failure: FailureClass) -> ExitCode {
        switch failure {
        case .transfer, .conflict, .name: .someFailed
        case .refused: .refused
        case .digest, .size, .tar, .wrongContent: .verification
        case .space: .noSpace
        case .store: .store
        }
    }
}
