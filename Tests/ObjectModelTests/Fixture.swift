import Foundation
import ObjectModel

/// A vector of this target, parsed by the parser under test.
func fixture(_ name: String) throws -> JSONValue {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    return try JSONValue.parse(Array(Data(contentsOf: folder.appending(path: name))))
}
