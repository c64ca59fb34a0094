import Backends

/// What every request and every byte passes: cool-downs, limits, the stop signal. Shared by all lanes of a run.
final class Gate: Sendable {
    let stop: StopSignal
    private let hosts = HostCooldown()
    private let rate: Throttle?
    private let requests: Throttle?

    init(options: RunOptions, stop: StopSignal) {
        self.stop = stop
        rate = options.limitRate.map { Throttle(perSecond: Double($0)) }
        requests = options.limitRequests.map { Throttle(perSecond: $0) }
    }

    /// Waits until a request to `url` may go out.
    /// - Returns: false when the run was stopped meanwhile.
    func admitRequest(to url: String) -> Bool {
        while case let wait = cooldown(of: url), wait > 0 {
            guard pause(seconds: wait, stop: stop) else { return false }
        }
        guard let wait = requests?.take(1), wait > 0 else { return !stop.isStopped }
        return pause(seconds: wait, stop: stop)
    }

    /// Seconds until its host may be asked; 0 = now.
    func cooldown(of url: String) -> Double {
        hosts.isQuiet ? 0 : max(hosts.wait(URLText.origin(of: url) ?? url, now: monotonicSeconds()), 0)
    }

    /// Starts or lengthens the cool-down of a host that asked to slow down.
    func slowDown(url: String, seconds: Double) {
        hosts.note(URLText.origin(of: url) ?? url, until: monotonicSeconds() + seconds)
    }

    /// Accounts for received bytes; sleeps where `--limit-rate` says so.
    func charge(bytes: Int) {
        guard let wait = rate?.take(Double(bytes)), wait > 0 else { return }
        _ = pause(seconds: wait, stop: stop)
    }
}
