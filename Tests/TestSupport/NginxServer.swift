import Foundation
import Glibc

/// The real nginx of `Tests/Servers/nginx` on free ports of 127.0.0.1, with every fault location.
public final class NginxServer: Sendable {
    /// The last two digits of each port.
    public enum Port: String, Sendable, CaseIterable {
        case http = "80"
        case https = "43"
        case mtls = "44"
        case expired = "45"
        case wrongHost = "46"
        /// HTTP/2 with GOAWAY after three requests.
        case goaway = "47"
        /// Another origin, which echoes `Authorization` as `X-Saw-Auth`.
        case otherHost = "81"
        case closesAfterThree = "82"
        case closesAlways = "83"
        case relay4M = "90"
        case relayToNobody = "91"

        var scheme: String {
            switch self {
            case .https, .mtls, .expired, .wrongHost, .goaway: "https"
            default: "http"
            }
        }
    }

    /// Document root.
    public let www: String
    public let pki: PKI
    public let prefix: Int
    public let pid: Int32
    private let run: ScratchDirectory

    /// Starts nginx with document root `www` and waits until it answers.
    public static func start(www: String, pki: PKI? = nil) throws -> NginxServer {
        let pki = try pki ?? PKI.shared.get()
        var last: any Error = TestSupportError("no free ports for nginx")
        for _ in 0..<20 {
            let prefix = Int.random(in: 200...590)
            guard Ports.areFree((Port.allCases.map(\.rawValue) + ["99"]).compactMap { Int("\(prefix)\($0)") }) else {
                continue
            }
            do {
                return try NginxServer(www: www, pki: pki, prefix: prefix)
            } catch {
                last = error
            }
        }
        throw last
    }

    private init(www: String, pki: PKI, prefix: Int) throws {
        self.www = www
        self.pki = pki
        self.prefix = prefix
        let run = try TestSupport.scratch("nginx")
        self.run = run
        let proof = ".proof-\(UUID().uuidString)"
        try Data(proof.utf8).write(to: URL(fileURLWithPath: "\(www)/\(proof)"))
        defer { try? FileManager.default.removeItem(atPath: "\(www)/\(proof)") }
        var environment = ProcessInfo.processInfo.environment
        environment["no_proxy"] = "*"
        environment["PATH", default: "/usr/bin:/bin"] += ":/usr/sbin:/sbin"
        let script = "\(TestSupport.repositoryRoot)/Tests/Servers/nginx/start.sh"
        let started = Result {
            try TestSupport.runChecked(
                "/bin/sh", [script, run.path, www, pki.directory, String(prefix)], environment: environment)
        }
        guard let text = try? String(contentsOfFile: "\(run.path)/nginx.pid", encoding: .utf8),
            let pid = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { throw TestSupportError("nginx does not start: \(started) \(Self.errors(run))") }
        self.pid = pid
        try ScratchRoot.shared.get().adopt(pid: pid)
        // Another nginx may have taken the ports in between: only ours knows the proof.
        let answer = try TestSupport.runChecked(
            "curl", ["-sS", "--max-time", "10", "http://127.0.0.1:\(prefix)80/\(proof)"], environment: environment)
        guard answer.out == proof else {
            kill(pid, SIGTERM)
            throw TestSupportError("port \(prefix)80 belongs to another server")
        }
    }

    deinit { stop() }

    public func stop() { kill(pid, SIGTERM) }

    private static func errors(_ run: ScratchDirectory) -> String {
        (try? String(contentsOfFile: "\(run.path)/nginx-error.log", encoding: .utf8)) ?? ""
    }

    /// The URL of `path` (without its leading slash) at one of the ports.
    public func url(_ port: Port = .http, _ path: String = "", host: String = "127.0.0.1") -> String {
        "\(port.scheme)://\(host):\(prefix)\(port.rawValue)/\(path)"
    }

    public func portNumber(_ port: Port) -> Int { Int("\(prefix)\(port.rawValue)") ?? 0 }

    /// Writes a file into the document root.
    public func put(_ name: String, _ contents: Data) throws {
        let url = URL(fileURLWithPath: "\(www)/\(name)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try contents.write(to: url)
    }

    /// Requests that ended so far.
    public func accessLog() throws -> [AccessLine] {
        let text = try String(contentsOfFile: "\(run.path)/nginx-access.log", encoding: .utf8)
        return text.split(separator: "\n").compactMap { AccessLine(String($0)) }
    }

    /// Requests whose target holds `marker`, once there are `count` of them: nginx logs a request a moment after its end.
    public func accessLog(marker: String, count: Int) throws -> [AccessLine] {
        var lines: [AccessLine] = []
        for _ in 0..<200 {
            lines = try accessLog().filter { $0.target.contains(marker) }
            if lines.count >= count { break }
            usleep(25000)
        }
        return lines
    }
}
