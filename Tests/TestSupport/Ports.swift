import Glibc

/// TCP ports on 127.0.0.1.
enum Ports {
    static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// A bound socket; port 0 = any free one. nil when the port is in use.
    static func bound(to port: Int) -> (socket: Int32, port: Int)? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var address = address(port)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else {
            close(descriptor)
            return nil
        }
        return (descriptor, Int(in_port_t(bigEndian: address.sin_port)))
    }

    static func areFree(_ ports: [Int]) -> Bool {
        let sockets = ports.map { bound(to: $0)?.socket }
        for case let socket? in sockets { close(socket) }
        return sockets.allSatisfy { $0 != nil }
    }

    /// A port that was free a moment ago.
    static func free() throws -> Int {
        guard let (socket, port) = bound(to: 0) else { throw TestSupportError("no free TCP port") }
        close(socket)
        return port
    }
}
