import Dispatch
import Foundation
import Mover

/// Ctrl-C, SIGTERM and the deadline ask a run to stop cleanly; a second Ctrl-C ends it at once (which is safe too).
final class SignalWatch {
    private var sources: [any DispatchSourceProtocol] = []

    /// - Parameter deadline: seconds from now; nil = none.
    init(stop: StopSignal, deadline: Double?) {
        let queue = DispatchQueue(label: "aismove.signals")
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if stop.reason == .interrupted { _exit(ExitCode.interrupted.rawValue) }
                Console.note("stopping cleanly; the next run continues (once more to stop at once)")
                stop.stop(.interrupted)
            }
            source.resume()
            sources.append(source)
        }
        if let deadline {
            let timer = DispatchSource.makeTimerSource(queue: queue)
            timer.schedule(deadline: .now() + deadline)
            timer.setEventHandler { stop.stop(.deadline) }
            timer.resume()
            sources.append(timer)
        }
    }

    func cancel() {
        for source in sources { source.cancel() }
    }
}
