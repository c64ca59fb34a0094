import Dispatch
import Foundation

/// A lane's turn to work: one lane more than there are cores works at a time, so that a buffer is hashed, written and
/// walked while it is still in its core's cache. The other lanes wait for their turn instead of taking the core away in
/// mid-buffer; their connections fill up meanwhile. (16 shards on 2 cores: a fifth less wall time.)
///
/// Belongs to one lane's thread. Given back while the lane waits for the network, and after a share of bytes.
final class WorkPermit {
    /// Bytes that a lane works off in one turn: enough for the cache, too little for a server to lose patience.
    private static let shareBytes = 4 << 20
    /// Seconds after which a lane works without a turn: those that have one are held up by a slow disk, not by work.
    private static let patienceSeconds = 0.1
    private static let permits = DispatchSemaphore(value: ProcessInfo.processInfo.activeProcessorCount + 1)

    private var isHeld = false
    private var isWaiting = false
    private var workedBytes = 0

    deinit { giveBack() }

    /// Waits for a turn, but not for long, unless this lane has it.
    func take() {
        guard !isHeld else { return }
        isHeld = Self.permits.wait(timeout: .now() + Self.patienceSeconds) == .success
        workedBytes = 0
    }

    func giveBack() {
        guard isHeld else { return }
        isHeld = false
        Self.permits.signal()
    }

    /// After `count` bytes: lets others go on when the share is used up.
    func account(_ count: Int) {
        workedBytes += count
        guard workedBytes >= Self.shareBytes else { return }
        giveBack()
        take()
    }

    /// Right before the lane waits for the network.
    func waitBegins() {
        isWaiting = isHeld
        giveBack()
    }

    /// Right after.
    func waitEnded() {
        if isWaiting { take() }
        isWaiting = false
    }
}
