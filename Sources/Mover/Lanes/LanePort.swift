import Backends

/// A lane's transfers, and those of its events that nobody has taken yet.
final class LanePort {
    let lane: CurlLane
    private let stop: StopSignal
    private var stash: [LaneEvent] = []

    init(_ lane: CurlLane, stop: StopSignal) {
        self.lane = lane
        self.stop = stop
    }

    /// Events that have come, at once or within `maxWait` seconds.
    func poll(maxWait: Double) -> [LaneEvent] {
        guard stash.isEmpty else {
            defer { stash = [] }
            return stash
        }
        return lane.poll(maxWait: maxWait)
    }

    /// Waits for what happens to `tag`; keeps the events of others for `poll`.
    /// - Returns: nil when the run was stopped.
    func wait(for tag: Int) -> LaneEvent? {
        while !stop.isStopped {
            for event in lane.poll(maxWait: 0.2) {
                stash.append(event)
            }
            if let index = stash.firstIndex(where: { $0.tag == tag }) { return stash.remove(at: index) }
        }
        return nil
    }
}
