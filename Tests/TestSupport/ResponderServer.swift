import Foundation
import Glibc
import Synchronization

/// An HTTP/1.1 server on 127.0.0.1 whose answers a closure makes up as they are asked for: reference servers, hostile
/// listings, buckets too large to keep.
public final class ResponderServer: Sendable {
    public struct Request: Sendable {
        public let method: String
        /// Path and query, as asked.
        public let target: String
        /// Lowercase names; of equal ones the last.
        public let headers: [String: String]
        public let body: [UInt8]
        /// Number of the request at this server, from 0.
        public let index: Int

        public var path: String { String(target.prefix { $0 != "?" }).removingPercentEncoding ?? "" }

        /// The query's fields, decoded.
        public var query: [String: String] {
            guard let start = target.firstIndex(of: "?") else { return [:] }
            var fields: [String: String] = [:]
            for pair in target[target.index(after: start)...].split(separator: "&") {
                let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard let name = halves.first.map(String.init)?.removingPercentEncoding else { continue }
                let value = halves.count > 1 ? String(halves[1]).replacing("+", with: " ") : ""
                fields[name] = value.removingPercentEncoding ?? ""
            }
            return fields
        }
    }

    public struct Answer: Sendable {
        public var status: Int
        public var headers: [(String, String)]
        public var body: [UInt8]

        public init(_ status: Int = 200, _ headers: [(String, String)] = [], body: [UInt8] = []) {
            self.status = status
            self.headers = headers
            self.body = body
        }

        public init(_ status: Int = 200, _ headers: [(String, String)] = [], text: String) {
            self.init(status, headers, body: Array(text.utf8))
        }
    }

    private struct State {
        var requests: [Request] = []
        var isStopped = false
        var served = 0
    }

    public let port: Int
    private let listener: Int32
    private let respond: @Sendable (Request) -> Answer
    private let state = Mutex(State())
    private let keepsRequests: Bool

    /// - Parameter respond: called on the connection's own thread.
    public init(keepsRequests: Bool = true, _ respond: @escaping @Sendable (Request) -> Answer) throws {
        guard let (socket, port) = Ports.bound(to: 0), listen(socket, 64) == 0 else {
            throw TestSupportError("no port to listen on")
        }
        listener = socket
        self.port = port
        self.respond = respond
        self.keepsRequests = keepsRequests
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0, let self, !self.state.withLock({ $0.isStopped }) else {
                    if connection >= 0 { close(connection) }
                    break
                }
                Thread.detachNewThread { self.serve(connection) }
            }
            close(socket)
        }
    }

    deinit { stop() }

    public func stop() {
        let wasStopped = state.withLock { state in
            defer { state.isStopped = true }
            return state.isStopped
        }
        if !wasStopped { shutdown(listener, Int32(SHUT_RDWR)) }
    }

    /// `http://127.0.0.1:PORT`.
    public var origin: String { "http://127.0.0.1:\(port)" }

    /// Requests so far.
    public var requests: [Request] { state.withLock { $0.requests } }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var one: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var pending: [UInt8] = []
        while let request = readRequest(connection, &pending) {
            let answer = respond(request)
            var head = "HTTP/1.1 \(answer.status) x\r\n"
            for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
            let hasLength = answer.headers.contains { $0.0.lowercased() == "content-length" }
            if !hasLength, answer.status != 304 { head += "Content-Length: \(answer.body.count)\r\n" }
            let hasBody = request.method != "HEAD" && answer.status != 304
            guard send(connection, Array((head + "\r\n").utf8) + (hasBody ? answer.body : [])) else { return }
        }
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

    private func readRequest(_ connection: Int32, _ pending: inout [UInt8]) -> Request? {
        var end = Self.headEnd(pending)
        while end == nil {
            guard pending.count < 1 << 20, receive(connection, &pending) else { return nil }
            end = Self.headEnd(pending)
        }
        guard let end else { return nil }
        let lines = String(decoding: pending[..<end], as: UTF8.self).split(separator: "\r\n").map(String.init)
        let first = (lines.first ?? "").split(separator: " ").map(String.init)
        guard first.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            headers[line[..<colon].lowercased()] = value
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while pending.count < end + 4 + length {
            guard receive(connection, &pending) else { return nil }
        }
        let body = Array(pending[(end + 4)..<(end + 4 + length)])
        pending.removeFirst(end + 4 + length)
        return state.withLock { state in
            let request = Request(
                method: first[0], target: first[1], headers: headers, body: body, index: state.served)
            state.served += 1
            if keepsRequests { state.requests.append(request) }
            return request
        }
    }

    private func receive(_ connection: Int32, _ pending: inout [UInt8]) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 16384)
        let count = recv(connection, &chunk, chunk.count, 0)
        guard count > 0 else { return false }
        pending += chunk[..<count]
        return true
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (0...(bytes.count - 4)).first {
            bytes[$0] == 13 && bytes[$0 + 1] == 10 && bytes[$0 + 2] == 13 && bytes[$0 + 3] == 10
        }
    }
}
