import Foundation
import ObjectModel

/// What people write behind flags, as numbers; each error names the flag and an example.
enum FlagText {
    static func duration(_ text: String, flag: String) throws -> Double {
        guard let seconds = DurationText.parse(text), seconds > 0 else {
            throw CommandFailure(.usage, "\(flag): '\(text)' is not a duration; write 90s, 15m or 2h")
        }
        return seconds
    }

    static func size(_ text: String, flag: String) throws -> Int64 {
        guard let bytes = ByteSize.parse(text), bytes > 0 else {
            throw CommandFailure(.usage, "\(flag): '\(text)' is not a size; write 200MiB or 1GB")
        }
        return bytes
    }
}
