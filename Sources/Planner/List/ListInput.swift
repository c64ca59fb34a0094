/// A list's bytes, pulled in chunks and read byte by byte or line by line; it knows the line for messages.
final class ListInput {
    /// Bytes of a line, field or string at most.
    static let lineBytesMax = 1 << 20

    let file: String
    /// The line of the next byte, counted from 1.
    private(set) var line = 1
    private var buffer: [UInt8] = []
    private var position = 0
    private var ended = false
    private let chunk: () throws -> [UInt8]?

    /// `chunk` gives the following bytes, nil at the end.
    init(file: String, chunk: @escaping () throws -> [UInt8]?) {
        self.file = file
        self.chunk = chunk
    }

    func error(_ reason: String, line: Int? = nil) -> ListError {
        ListError(file: file, line: line ?? self.line, reason: reason)
    }

    func peek() throws(ListError) -> UInt8? {
        if position == buffer.count, try !fill() { return nil }
        return buffer[position]
    }

    func next() throws(ListError) -> UInt8? {
        if position == buffer.count, try !fill() { return nil }
        let byte = buffer[position]
        position += 1
        if byte == ASCII.newline { line += 1 }
        return byte
    }

    /// The following bytes, without reading them: `count`, or fewer at the end.
    func lookahead(_ count: Int) throws(ListError) -> ArraySlice<UInt8> {
        while buffer.count - position < count, try fill() {}
        return buffer[position...].prefix(count)
    }

    /// The rest of the line without its end (LF or CR LF), or nil at the end.
    func readLine() throws(ListError) -> [UInt8]? {
        guard try peek() != nil else { return nil }
        var text: [UInt8] = []
        while try peek() != nil {
            let end = buffer[position...].firstIndex(of: ASCII.newline)
            text += buffer[position..<(end ?? buffer.count)]
            guard text.count <= Self.lineBytesMax else { throw error("the line is longer than 1 MiB") }
            position = end ?? buffer.count
            if end != nil {
                position += 1
                line += 1
                break
            }
        }
        if text.last == ASCII.carriageReturn { text.removeLast() }
        return text
    }

    /// Appends a chunk to the buffer and forgets what has been read. False at the end.
    private func fill() throws(ListError) -> Bool {
        guard !ended else { return false }
        let bytes: [UInt8]?
        do {
            bytes = try chunk()
        } catch {
            throw ListError(file: file, line: 0, reason: "cannot be read: \(error)")
        }
        guard let bytes else {
            ended = true
            return false
        }
        buffer.removeSubrange(..<position)
        position = 0
        buffer += bytes
        return !bytes.isEmpty ? true : try fill()
    }
}
