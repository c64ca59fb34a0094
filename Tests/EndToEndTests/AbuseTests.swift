import Foundation
import TestSupport
import Testing

/// Everything at once: many small objects from a server that fails in every way it can, three runs on one store.
struct AbuseTests {
    /// `AISMOVE_ABUSE_COUNT` says how many objects; `make soak` asks for more.
    private static let count = ProcessInfo.processInfo.environment["AISMOVE_ABUSE_COUNT"].flatMap { Int($0) } ?? 10_000
    private static let beside = count / 5
    private static let memoryKiB = 96 << 10

    private func name(_ number: Int) -> String {
        let digits = String(number)
        return "o-" + String(repeating: "0", count: 6 - digits.count) + digits + ".bin"
    }

    /// The objects' SHA-256 by name, as `sha256sum` tells them, and the list's path.
    private func putObjects(_ scene: Scene) throws -> (sums: [String: String], list: String) {
        let content = Scene.bytes(4096)
        for number in 0..<Self.count {
            let file = FileManager.default.createFile(
                atPath: scene.served(name(number)),
                contents: Data("\(number)\n".utf8) + content.prefix(200 + number * 7919 % 3000))
            guard file else { throw TestSupportError("\(name(number)) cannot be written") }
        }
        let list = "\(scene.scratch.path)/SHA256SUMS"
        let script = "cd \"$0\" && find . -name 'o-*.bin' -printf '%f\\0' | sort -z | xargs -0 sha256sum >\"$1\""
        try TestSupport.runChecked("sh", ["-c", script, scene.served(""), list])
        let lines = try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n")
        let sums = lines.map { line in (String(line.suffix(line.count - 66)), String(line.prefix(64))) }
        return (Dictionary(uniqueKeysWithValues: sums), list)
    }

    @Test(.timeLimit(.minutes(20)))
    func manySmallObjectsFromABrokenServerBesideTwoOtherRuns() throws {
        let scene = try Scene()
        let (sums, list) = try putObjects(scene)
        #expect(sums.count == Self.count)
        func start(_ tag: String, _ count: Int, to bucket: String) throws -> Running {
            try scene.start(
                "prefetch",
                scene.url("o-{000000..\(name(count - 1).dropFirst(2).prefix(6))}.bin", fault: "abuse/\(tag)"),
                "--to", "ais://\(bucket)", "--digests", list, "--stall-timeout", "1s", "--require-digest",
                "--report", "\(scene.scratch.path)/\(tag).json")
        }
        let began = ContinuousClock.now
        let runs = try [
            start("one", Self.count, to: "small"), start("other", Self.beside, to: "other"),
            start("again", Self.count, to: "small"),
        ]
        var peaks = [0, 0, 0]
        while runs.contains(where: \.isRunning) {
            for (index, run) in runs.enumerated() { peaks[index] = max(peaks[index], run.peakKiB ?? 0) }
            usleep(20_000)
        }
        let seconds = (ContinuousClock.now - began).components.seconds
        for run in runs {
            let ended = try run.wait()
            #expect(ended.status == 0, "\(ended.out.suffix(2000))\(ended.err.suffix(2000))")
        }
        #expect(peaks.allSatisfy { $0 > 0 && $0 < Self.memoryKiB }, "\(peaks) KiB")
        let retries = try expectReports(scene)
        try expectEveryObject(scene, sums)
        print("abuse: \(Self.count) objects, \(retries) retries, \(seconds) s, peak \((peaks.max() ?? 0) >> 10) MiB")
    }

    /// Of the two runs on one bucket one moved everything, and the other one, which waited, nothing.
    /// - Returns: how often something was asked for again.
    private func expectReports(_ scene: Scene) throws -> Int {
        let reports = try ["one", "again", "other"].map {
            try Report.decode(Data(contentsOf: URL(fileURLWithPath: "\(scene.scratch.path)/\($0).json")))
        }
        #expect(Set(reports.prefix(2).map(\.counts)) == [["moved": Self.count], ["present": Self.count]])
        #expect(reports[2].counts == ["moved": Self.beside])
        for report in reports where report.counts["present"] == nil {
            // 18 % of first answers are no good, and 15 % of the further ones.
            #expect(report.summary.retries > report.shards.count / 7, "\(report.summary.retries)")
            #expect(report.shards.allSatisfy { $0.verifiedBy == "sha256 (SHA256SUMS)" })
        }
        return reports.reduce(0) { $0 + $1.summary.retries }
    }

    private func expectEveryObject(_ scene: Scene, _ sums: [String: String]) throws {
        let disk = try scene.disk()
        #expect(disk.problems == [] && disk.leftovers == [] && disk.empty == [])
        for (bucket, count) in [("ais/@#/small", Self.count), ("ais/@#/other", Self.beside)] {
            let stored = disk.objects.filter { $0.bucket == bucket }
            let wrong = stored.filter { sums[$0.name] != $0.sha256 }.map(\.name)
            #expect(wrong == [])
            #expect(Set(stored.map(\.name)).count == count && stored.count == count, "\(bucket): \(stored.count)")
        }
        #expect(disk.objects.count == Self.count + Self.beside)
    }
}
