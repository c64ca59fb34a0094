import Dispatch
import Foundation
import Mover

/// Ctrl-C, SIGTERM, a deadline and the end of a window ask a run to stop cleanly; a second Ctrl-C ends it at once (which
/// is safe too).
final class SignalWatch {
    private let queue = DispatchQueue(label: "aismove.signals")
    private let signal: StopSignal
    private var sources: [any DispatchSourceProtocol] = []

    init(stop: StopSignal) {
        signal = stop
        for number in [SIGINT, SIGTERM, SIGHUP] {
            Foundation.signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if stop.reason == .interrupted { _exit(ExitCode.interrupted.rawValue) }
                Console.note("stopping cleanly; the next run continues (once more to stop at once)")
                stop.stop(.interrupted)
            }
            source.resume()
            sources.append(source)
        }
    }

    /// - Parameter seconds: from now.
    func stop(_ reason: StopReason, after seconds: Double) {
        timer(reason) { $0.schedule(deadline: .now() + seconds) }
    }

    /// - Parameter date: by the clock, however that is set meanwhile.
    func stop(_ reason: StopReason, at date: Date) {
        let (whole, fraction) = (date.timeIntervalSince1970.rounded(.down), date.timeIntervalSince1970)
        let time = timespec(tv_sec: Int(whole), tv_nsec: Int((fraction - whole) * 1e9))
        timer(reason) { $0.schedule(wallDeadline: DispatchWallTime(timespec: time)) }
    }

    private func timer(_ reason: StopReason, _ schedule: (any DispatchSourceTimer) -> Void) {
        let timer = DispatchSource.makeTimerSource(queue: queue)
        schedule(timer)
        let signal = signal
        timer.setEventHandler { signal.stop(reason) }
        timer.resume()
        sources.append(timer)
    }

    func cancel() {
        for source in sources { source.cancel() }
    }
}
