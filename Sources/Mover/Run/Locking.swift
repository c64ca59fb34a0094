import NodeStore
import ObjectModel

/// Takes the run locks of a run's destinations, as `--on-locked` says.
struct Locking {
    let store: NodeStore
    let onLocked: RunOptions.OnLocked
    let recorder: RunRecorder
    let stop: StopSignal

    /// - Returns: the locks, held as long as the value lives; nil when the run is to be skipped or was stopped.
    /// - Throws: `StoreError` of kind locked with `--on-locked fail`.
    func take(_ buckets: [Bucket]) throws(StoreError) -> RunLock? {
        let (recorder, stop) = (recorder, stop)
        do {
            return try store.lockRuns(
                buckets, policy: onLocked == .wait ? .wait(deadline: nil) : .fail,
                cancelled: { stop.isStopped }, onWait: { recorder.notice($0) })
        } catch {
            if error.kind == .locked, onLocked == .skip || stop.isStopped { return nil }
            throw error
        }
    }
}
