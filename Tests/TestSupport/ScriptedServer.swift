import Foundation
import Glibc
import Synchronization

/// A TCP server that answers with scripted bytes, right or wrong: for servers worse than any real one.
public final class ScriptedServer: Sendable {
    public enum Step: Sendable {
        /// Reads up to the empty line of a request; the text is kept in `requests`.
        case request
        case send(String)
        /// Sends the bytes again and again; ends early when the client goes.
        case flood(String, times: Int)
        case pause(Double)
        /// Closes with RST.
        case reset
    }

    private struct State {
        var requests: [String] = []
        var connections = 0
        var isStopped = false
    }

    public let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    /// One script for each connection in turn; the last serves all further ones. A connection is closed at its
    /// script's end.
    public init(_ scripts: [[Step]]) throws {
        guard let (socket, port) = Ports.bound(to: 0), listen(socket, 16) == 0 else {
            throw TestSupportError("no port to listen on")
        }
        listener = socket
        self.port = port
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0, let self, let script = self.next(scripts) else {
                    if connection >= 0 { close(connection) }
                    break
                }
                Thread.detachNewThread { self.serve(connection, script) }
            }
            close(socket)
        }
    }

    /// The same answer to every connection.
    public convenience init(answer: String) throws { try self.init([[.request, .send(answer)]]) }

    deinit { stop() }

    public func stop() {
        // Once: the number may be another socket's after the first time.
        let wasStopped = state.withLock { state in
            defer { state.isStopped = true }
            return state.isStopped
        }
        if !wasStopped { shutdown(listener, Int32(SHUT_RDWR)) }
    }

    public func url(_ path: String = "") -> String { "http://127.0.0.1:\(port)/\(path)" }

    /// Requests read so far, headers included.
    public var requests: [String] { state.withLock { $0.requests } }
    public var connections: Int { state.withLock { $0.connections } }

    private func next(_ scripts: [[Step]]) -> [Step]? {
        state.withLock { state in
            state.connections += 1
            return state.isStopped ? nil : scripts[min(state.connections, scripts.count) - 1]
        }
    }

    private func serve(_ connection: Int32, _ script: [Step]) {
        defer { close(connection) }
        for step in script {
            switch step {
            case .request: if !readRequest(connection) { return }
            case .send(let text): if !send(connection, Array(text.utf8)) { return }
            case .flood(let text, let times):
                let bytes = Array(text.utf8)
                for _ in 0..<times where !send(connection, bytes) { return }
            case .pause(let seconds):
                let end = Date().addingTimeInterval(seconds)
                while Date() < end, !state.withLock({ $0.isStopped }) { usleep(20000) }
            case .reset:
                var option = linger(l_onoff: 1, l_linger: 0)
                setsockopt(connection, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
                return
            }
        }
        // An orderly end: the client has everything before the socket goes.
        shutdown(connection, Int32(SHUT_WR))
        var rest = [UInt8](repeating: 0, count: 4096)
        while recv(connection, &rest, rest.count, 0) > 0 {}
    }

    private func send(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private func readRequest(_ connection: Int32) -> Bool {
        var text: [UInt8] = []
        var byte: UInt8 = 0
        while !text.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard text.count < 1 << 20, recv(connection, &byte, 1, 0) == 1 else { return false }
            text.append(byte)
        }
        state.withLock { $0.requests.append(String(decoding: text, as: UTF8.self)) }
        return true
    }
}
