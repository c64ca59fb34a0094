import Foundation
import Glibc

/// A forward proxy (tinyproxy) on 127.0.0.1.
public final class TinyProxy: Sendable {
    public let port: Int
    private let pid: Int32
    private let scratch: ScratchDirectory

    /// `login`: `USER PASSWORD` that it asks for. `connectPorts`: where CONNECT may lead.
    public init(login: String? = nil, connectPorts: [Int]) throws {
        port = try Ports.free()
        scratch = try TestSupport.scratch("tinyproxy")
        var lines = [
            "Port \(port)", "Listen 127.0.0.1", "Allow 127.0.0.1", "Timeout 600", "LogFile \"\(scratch.path)/log\"",
        ]
        lines += connectPorts.map { "ConnectPort \($0)" }
        if let login { lines.append("BasicAuth \(login)") }
        let configuration = try scratch.write("tinyproxy.conf", lines.joined(separator: "\n") + "\n")
        pid = try Spawn("tinyproxy", ["-d", "-c", configuration]).start()
        try ScratchRoot.shared.get().adopt(pid: pid)
        for _ in 0..<200 where Ports.areFree([port]) { usleep(25000) }
    }

    deinit {
        kill(pid, SIGKILL)
        _ = Spawn.wait(pid)
    }

    /// What it logged: one line for each request and each CONNECT.
    public func log() -> String { (try? String(contentsOfFile: "\(scratch.path)/log", encoding: .utf8)) ?? "" }
}
