import Archive
import Foundation
import Testing

@Suite struct LZ4FrameTests {
    @Test func readsANodesMetadata() throws {
        let file = try Tools.fixture("NodeStoreTests", "empty.bmd")
        let content = try LZ4Frame.decompress(Array(file.dropFirst(24)), limit: 1 << 20)
        let object = try JSONSerialization.jsonObject(with: Data(content)) as? [String: Any]
        #expect(object?["version"] as? String == "7")
    }

    @Test func longerContentThanAllowedIsAnError() throws {
        let content = [UInt8](repeating: 7, count: 10_000)
        let frame = try DecompressorTests.compress(content, .lz4)
        #expect(try LZ4Frame.decompress(frame, limit: 10_000) == content)
        #expect(throws: DecompressionError.self) { try LZ4Frame.decompress(frame, limit: 9_999) }
        #expect(throws: DecompressionError.self) { try LZ4Frame.decompress(Array("{}".utf8), limit: 9_999) }
    }
}
