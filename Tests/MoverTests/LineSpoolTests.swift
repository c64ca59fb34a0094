import Foundation
import TestSupport
import Testing

@testable import Mover

@Suite struct LineSpoolTests {
    private func lines(_ spool: LineSpool) throws -> [String] {
        let reader = try spool.makeReader()
        var lines: [String] = []
        while let line = try reader() { lines.append(String(decoding: line, as: UTF8.self)) }
        return lines
    }

    /// Some stay in memory, some go to a file.
    @Test(arguments: [0, 1, 1000, 60_000])
    func givesBackWhatItTook(count: Int) throws {
        let spool = LineSpool()
        let written = (0..<count).map { "k/ü \($0) \(String(repeating: "x", count: $0 % 97))" } + [""]
        for line in written { try spool.append(line.utf8) }
        #expect(spool.count == count + 1)
        #expect(try lines(spool) == written)
        #expect(try lines(spool) == written, "it can be read again")
    }
}
