import Foundation
import Mover

/// One JSON event a line, as `--json` prints them; docs/report.md lists the keys.
enum JSONLine {
    private struct ShardEvent: Encodable {
        let record: ShardRecord

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode("shard", forKey: .event)
            try record.encode(to: encoder)
        }

        enum Key: String, CodingKey { case event }
    }

    static func shard(_ record: ShardRecord) -> String { encode(ShardEvent(record: record)) }
    static func object(_ object: [String: String]) -> String { encode(object) }

    static func encode(_ value: some Encodable, pretty: Bool = false) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            pretty ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted] : [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }
}
