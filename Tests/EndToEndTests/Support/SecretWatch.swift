import Foundation
import TestSupport
import Testing

/// Runs commands, and looks for secrets in all that they say and leave.
struct SecretWatch {
    let scene: Scene
    let secrets: [String]

    /// Every way to ask for the source must fail, for another reason than its flags, and tell nothing.
    func fails(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
        for style in [["--json"], ["--verbose"], []] {
            let run = try scene.reported("prefetch", arguments + ["--retries", "0"] + style)
            #expect(run.status != 0 && run.status != 2, run.said, sourceLocation: sourceLocation)
            expectNone(in: run.said.rawValue, sourceLocation)
        }
        let reach = arguments.filter { $0 != "--skip-lookup" }
        let listing = try scene.aismove(
            ["ls"] + reach + ["--remote", "--json", "--retries", "0", "--store", scene.store])
        expectNone(in: listing.out + listing.err, sourceLocation)
    }

    func works(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
        let run = try scene.reported("prefetch", arguments + ["--verbose"])
        #expect(run.status == 0, run.said, sourceLocation: sourceLocation)
        expectNone(in: run.said.rawValue, sourceLocation)
    }

    /// The store, the mountpaths (extended attributes decoded) and the reports.
    func expectNothingLeft(sourceLocation: SourceLocation = #_sourceLocation) throws {
        expectNone(in: "\(try scene.disk())", sourceLocation)
        let reports = try FileManager.default.contentsOfDirectory(atPath: scene.scratch.path)
            .filter { $0.hasPrefix("report-") }.map { "\(scene.scratch.path)/\($0)" }
        #expect(!reports.isEmpty, sourceLocation: sourceLocation)
        for secret in secrets {
            let found = try TestSupport.run("grep", ["-rlaF", "-e", secret, scene.store] + scene.hosts + reports)
            #expect(found.out == "", sourceLocation: sourceLocation)
        }
    }

    /// The argument lists of all processes, while one of the program waits for a server that does not answer.
    func expectNoneInProcessList(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
        let silent = try ResponderServer { _ in
            usleep(3_000_000)
            return .init(500)
        }
        let running = try Running(
            ["prefetch"] + arguments + ["--endpoint", silent.origin, "--store", scene.store],
            environment: scene.environment, scratch: scene.scratch)
        #expect(eventually { !silent.requests.isEmpty }, sourceLocation: sourceLocation)
        let list = try TestSupport.run("ps", ["-eww", "-o", "args"]).out
        #expect(list.contains(silent.origin), sourceLocation: sourceLocation)
        expectNone(in: list, sourceLocation)
        running.send(SIGKILL)
        _ = try running.wait()
    }

    private func expectNone(in text: String, _ sourceLocation: SourceLocation) {
        for secret in secrets {
            let isTold = text.contains(secret)
            #expect(!isTold, "a secret in: \(text.prefix(2000))", sourceLocation: sourceLocation)
        }
    }
}
