import CLinux
import Glibc

/// Syncs one file system, or one directory, for all threads that ask at the same time: group commit.
///
///     a thread asks → it joins the next round
///     no round is running → it leads that round: one sync for all who joined before it began
///     a round is running → it waits; what it wrote may have come too late for that round
///
/// What is not guaranteed: that the one error the kernel reports reaches the right thread. Whoever syncs a file
/// system checks its own files afterwards (`Descriptor.checkWritten`).
final class GroupSync: Sendable {
    /// `syncfs` on the descriptor's file system, or `fsync` of the descriptor itself.
    enum Scope: Sendable { case fileSystem, directory }

    private let descriptor: Descriptor
    private let scope: Scope
    private let condition = ConditionLock()
    private let rounds: Rounds

    init(_ descriptor: Descriptor, _ scope: Scope) {
        self.descriptor = descriptor
        self.scope = scope
        rounds = Rounds()
    }

    /// Returns when everything written before the call is on the disk.
    func sync() throws(StoreError) {
        condition.lock()
        let mine = rounds.next
        while !mine.ended {
            if rounds.running {
                condition.wait()
                continue
            }
            rounds.running = true
            rounds.next = Round()
            condition.unlock()
            let error = flush()
            condition.lock()
            mine.error = error
            mine.ended = true
            rounds.running = false
            rounds.count += 1
            condition.wakeAll()
        }
        let error = mine.error
        condition.unlock()
        if let error { throw error }
    }

    /// How many syncs were made; fewer than were asked for.
    var count: Int {
        condition.lock()
        defer { condition.unlock() }
        return rounds.count
    }

    private func flush() -> StoreError? {
        do throws(StoreError) {
            switch scope {
            case .directory: try descriptor.sync()
            case .fileSystem:
                _ = try SystemCall.check("syncfs", descriptor.path) { aismove_syncfs(descriptor.number) }
            }
            return nil
        } catch {
            return error
        }
    }

    /// One sync and those who wait for it. `@unchecked Sendable` because it is touched only under the lock.
    private final class Round: @unchecked Sendable {
        var ended = false
        var error: StoreError?
    }

    /// `@unchecked Sendable` because it is touched only under the lock.
    private final class Rounds: @unchecked Sendable {
        var running = false
        var next = Round()
        var count = 0
    }
}
