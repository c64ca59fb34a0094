/// One line of the test nginx's access log.
public struct AccessLine: Sendable, Hashable {
    public let method: String
    /// Path and query as asked.
    public let target: String
    public let status: Int
    public let bodyBytes: Int64
    /// nginx's number of the connection, and of the request on it.
    public let connection: Int
    public let requestOnConnection: Int
    /// `Range` as sent; empty without one.
    public let range: String
    /// `HTTP/1.1`, `HTTP/2.0`.
    public let version: String

    init?(_ line: String) {
        let quoted = line.split(separator: "\"", omittingEmptySubsequences: false)
        guard quoted.count >= 7 else { return nil }
        let request = quoted[1].split(separator: " ")
        let numbers = quoted[2].split(whereSeparator: { $0 == " " || $0 == "=" || $0 == "/" })
        guard request.count >= 2, numbers.count >= 5, let status = Int(numbers[0]), let bytes = Int64(numbers[1]),
            let connection = Int(numbers[3]), let serial = Int(numbers[4])
        else { return nil }
        method = String(request[0])
        target = String(request[1])
        self.status = status
        bodyBytes = bytes
        self.connection = connection
        requestOnConnection = serial
        range = quoted[3] == "-" ? "" : String(quoted[3])
        version = quoted[6].split(separator: "=").last.map(String.init) ?? ""
    }
}
