import Foundation
import Glibc
import TestSupport
import Testing

@testable import Mover

/// A report of which a part could not be written is not put in place as if it were whole.
@Suite struct ReportLossTests {
    @Test func whatGotLostInTheMiddleIsToldAtTheEnd() throws {
        signal(SIGPIPE, SIG_IGN)
        let scratch = try TestSupport.scratch("loss")
        let path = "\(scratch.path)/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        let first = open(path, O_RDONLY | O_NONBLOCK)
        let writer = try ReportWriter(path: path)
        // Nobody reads, as long as more than the writer keeps is added.
        close(first)
        for number in 0..<1000 {
            writer.add(ShardRecord(source: "http://h/\(number)", object: "ais://b/\(number)", outcome: .moved))
        }
        let second = open(path, O_RDONLY | O_NONBLOCK)
        defer { close(second) }
        #expect(throws: ReportError.self) { try writer.finish(RunSummary.example()) }
    }
}
