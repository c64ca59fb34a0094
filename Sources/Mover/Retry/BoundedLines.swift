import Foundation

/// A file's lines, one at a time, without their ends; memory is a chunk's and one line's.
struct BoundedLines {
    struct TooLong: Error {}

    private static let chunkBytes = 64 << 10
    private let handle: FileHandle
    private let lineBytesMax: Int
    private var buffer = Data()
    private var hasEnded = false
    /// Of the line that `next` gave, counted from 1.
    private(set) var number = 0

    init(_ handle: FileHandle, lineBytesMax: Int) {
        self.handle = handle
        self.lineBytesMax = lineBytesMax
    }

    /// The following line, nil at the end.
    mutating func next() throws -> Data? {
        var searched = buffer.startIndex
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                guard end - buffer.startIndex <= lineBytesMax else { throw TooLong() }
                defer { buffer = buffer[(end + 1)...] }
                number += 1
                return Data(buffer[..<end])
            }
            guard buffer.count <= lineBytesMax else { throw TooLong() }
            searched = buffer.endIndex
            let chunk = hasEnded ? nil : try handle.read(upToCount: Self.chunkBytes)
            if let chunk, !chunk.isEmpty {
                if buffer.startIndex > Self.chunkBytes { (buffer, searched) = (Data(buffer), buffer.count) }
                buffer.append(chunk)
                continue
            }
            hasEnded = true
            guard !buffer.isEmpty else { return nil }
            defer { buffer = Data() }
            number += 1
            return Data(buffer)
        }
    }
}
