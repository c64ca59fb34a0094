import Foundation
import Hashing
import ObjectModel
import TestSupport

@testable import Backends

/// One nginx for all lane tests of this process, and small files in its document root.
struct LaneServer {
    static let shared = Result { try LaneServer() }

    let nginx: NginxServer
    private let www: ScratchDirectory

    static let smallBytes = LaneData.bytes(16 << 10, seed: 1)
    static let largeBytes = LaneData.bytes(5 << 20, seed: 2)

    private init() throws {
        www = try TestSupport.scratch("www")
        try www.write("small.bin", Data(Self.smallBytes))
        try www.write("large.bin", Data(Self.largeBytes))
        try www.write("empty.bin", Data())
        for index in 0..<200 { try www.write("many/\(index).bin", Data(LaneData.bytes(16 << 10, seed: UInt64(index)))) }
        nginx = try NginxServer.start(www: www.path)
    }

    static var nginx: NginxServer { get throws { try shared.get().nginx } }
}

enum LaneData {
    /// The same bytes for the same seed (xorshift).
    static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        var bytes = [UInt8](repeating: 0, count: count)
        bytes.withUnsafeMutableBytes { raw in
            for offset in stride(from: 0, to: count & ~7, by: 8) {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                raw.storeBytes(of: state, toByteOffset: offset, as: UInt64.self)
            }
        }
        return bytes
    }
}

extension TransferBuffer {
    var bytes: [UInt8] { Array(filled) }
}

/// How a transfer ended.
struct Fetched {
    var head: HTTPResponseHead?
    var body: [UInt8] = []
    var wasLarge = false
    var error: TransportError?
    var received: Int64 = 0
}

extension CurlLane {
    /// A lane that trusts the test CA.
    static func test(_ change: (inout NetworkOptions) -> Void = { _ in }) throws -> CurlLane {
        var options = NetworkOptions()
        options.caFile = try PKI.shared.get().caFile
        options.netrcFile = "/dev/null"
        options.proxy = ""
        change(&options)
        return CurlLane(options)
    }

    /// One transfer from beginning to end.
    func fetch(_ request: HTTPRequest, inlineLimit: Int = 1 << 20, tag: Int = 7) -> Fetched {
        var fetched = Fetched()
        begin(request, tag: tag, inlineLimit: inlineLimit)
        while find(tag) != nil || !events.isEmpty {
            for event in poll(maxWait: 10) where event.tag == tag {
                switch event {
                case .finished(_, let head, let body):
                    fetched.head = head
                    fetched.body = body.bytes
                    recycle(body)
                case .failed(_, let error, let head, let received):
                    fetched.head = head
                    fetched.error = error
                    fetched.received = received
                case .large(let tag, let head):
                    fetched.head = head
                    fetched.wasLarge = true
                    pullAll(tag, into: &fetched)
                }
            }
        }
        return fetched
    }

    func fetch(_ url: String, inlineLimit: Int = 1 << 20) -> Fetched {
        fetch(HTTPRequest(url: url), inlineLimit: inlineLimit)
    }

    private func pullAll(_ tag: Int, into fetched: inout Fetched) {
        let buffer = TransferBuffer(capacity: 512 << 10)
        do {
            while try read(tag: tag, into: buffer) > 0 {
                fetched.body += buffer.bytes
                fetched.received += Int64(buffer.count)
                buffer.removeAll()
            }
        } catch {
            fetched.error = error
        }
    }
}

extension TransportError.Kind {
    var isRedirectLoop: Bool { if case .redirectLoop = self { true } else { false } }
}
