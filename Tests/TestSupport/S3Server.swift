import Foundation
import Glibc

/// A server that speaks S3, started by `Tests/Servers/s3/start.sh` on free ports of 127.0.0.1.
public final class S3Server: Sendable {
    public enum Kind: String, Sendable {
        /// SeaweedFS: checks signatures and checksums.
        case weed
        /// JuiceFS's gateway: checks the signature's region as well.
        case jfs
        /// Knows STS, checksums and the redirect between regions.
        case ministack
    }

    public let kind: Kind
    public let pid: Int32
    public let accessKey: String
    public let secretKey: String
    public let endpoint: String
    private let run: ScratchDirectory

    public init(_ kind: Kind) throws {
        self.kind = kind
        let run = try TestSupport.scratch("s3-\(kind.rawValue)")
        self.run = run
        let port = try ServerProcess.freePorts([0, 331, 378, 386, 500, 10000, 10331, 10378, 10386])
        endpoint = "http://127.0.0.1:\(port)"
        var environment = ProcessInfo.processInfo.environment
        for name in environment.keys where name.lowercased().hasSuffix("_proxy") || name.hasPrefix("AWS_") {
            environment[name] = nil
        }
        environment["no_proxy"] = "*"
        environment["AWS_EC2_METADATA_DISABLED"] = "true"
        environment["HOME"] = run.path
        environment["PKI"] = ""
        environment["VENV"] = String(TestSupport.python.dropLast("/bin/python3".count))
        let script = "\(TestSupport.repositoryRoot)/Tests/Servers/s3/start.sh"
        let started = Result {
            try TestSupport.runChecked(
                "/bin/bash", [script, kind.rawValue, run.path, String(port)], environment: environment)
        }
        guard let text = try? String(contentsOfFile: "\(run.path)/\(kind.rawValue).pid", encoding: .utf8),
            let pid = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { throw TestSupportError("\(kind.rawValue) does not start: \(started)") }
        self.pid = pid
        try ScratchRoot.shared.get().adopt(pid: pid)
        _ = try started.get()
        // ministack lets its first key in unchecked; the script makes one that is checked.
        let keys = try? String(contentsOfFile: "\(run.path)/\(kind.rawValue).keys", encoding: .utf8)
        let words = keys?.split(whereSeparator: \.isWhitespace).map(String.init) ?? []
        accessKey = words.count == 2 ? words[0] : "AKTEST"
        secretKey = words.count == 2 ? words[1] : "SKTESTSECRET"
    }

    deinit { stop() }

    /// By force: SeaweedFS may outlive SIGTERM, and nothing of it is to be kept.
    public func stop() { Glibc.kill(pid, SIGKILL) }

    /// Runs `Tests/Tools/s3_seed.py` with the JSON that it documents; what it prints.
    @discardableResult
    public func seed(_ json: Data) throws -> Data {
        try TestSupport.runChecked(
            TestSupport.python,
            ["\(TestSupport.repositoryRoot)/Tests/Tools/s3_seed.py", endpoint, accessKey, secretKey],
            environment: ["HOME": run.path, "AWS_EC2_METADATA_DISABLED": "true", "no_proxy": "*"], input: json
        ).stdout
    }
}
