import Foundation
import Mover
import ObjectModel

/// When a run begins and when it has to end.
extension RunFrame {
    /// Waits a random time, which a signal ends.
    func waitJitter() throws {
        guard let jitter = settings.jitter else { return }
        let seconds = Double.random(in: 0...jitter)
        if settings.telling.style == .plain || settings.telling.style == .terminal {
            Console.note("starting in \(DurationText.format(seconds.rounded())) (--jitter)")
        }
        let end = monotonicSeconds() + seconds
        while !stop.isStopped, monotonicSeconds() < end { usleep(100_000) }
        if stop.isStopped { throw CodeOnly(code: ExitCode.interrupted.rawValue) }
        do {
            try Self.checkWindow(settings.window, style: settings.telling.style)
        } catch {
            abandon()
            throw error
        }
    }

    func arm(_ signals: SignalWatch) {
        if let deadline = settings.deadline { signals.stop(.deadline, after: deadline) }
        if let window = settings.window {
            signals.stop(
                .windowClosed(window.description), at: window.nextChange(after: Date(), in: .current))
        }
    }

    static func checkWindow(_ window: DailyWindow?, style: Narrator.Style) throws {
        let now = Date()
        guard let window, !window.contains(now, in: .current) else { return }
        let opens = window.nextChange(after: now, in: .current)
        let time = opens.formatted(Date.ISO8601FormatStyle(timeZone: .current))
        let wait = DurationText.format(opens.timeIntervalSince(now).rounded(.up))
        let text = "outside the window \(window): nothing was done; it opens at \(time), in \(wait)"
        if style == .json {
            Console.line(JSONLine.object(["event": "notice", "text": text]))
        } else {
            Console.error(text)
        }
        throw CodeOnly(code: ExitCode.stopped.rawValue)
    }
}
