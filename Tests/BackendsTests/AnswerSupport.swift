import Foundation

@testable import Backends

/// A file of this target's `Fixtures`.
func indexFixture(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    return [UInt8](try Data(contentsOf: folder.appending(path: name)))
}

/// An answer's head from a status and header fields.
func head(
    _ status: Int = 200, _ fields: KeyValuePairs<String, String> = [:], url: String = "https://host/dir/a.tar"
) -> HTTPResponseHead {
    HTTPResponseHead(
        status: status, headers: HTTPHeaders(fields.map { HTTPHeader($0.key, $0.value) }), url: url)
}
