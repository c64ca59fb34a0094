import Foundation
import TestSupport

@testable import Backends

/// What a conformance bucket holds.
enum ConformanceObjects {
    /// Odd names: everything that URLs, queries, XML, JSON or Unicode could spoil. Two of them look the same.
    static let oddNames = [
        "odd/space name", "odd/plus+sign", "odd/percent%", "odd/escaped%2Fslash", "odd/question?mark=1", "odd/hash#tag",
        "odd/quote\"quote", "odd/less<than>", "odd/amp&amp;x", "odd/semi;colon,comma", "odd/tilde~!$'()*:@=[]|^`{}",
        "odd/日本", "odd/\u{fc}", "odd/u\u{308}", "odd/\u{1F600}",
    ]

    static let all: [ConformanceObject] = {
        var objects = [
            ConformanceObject(name: "large.bin", bytes: LaneData.bytes(300_000, seed: 1)),
            ConformanceObject(name: "zero.bin", bytes: []),
            ConformanceObject(name: "deep/a/b/c.bin", bytes: LaneData.bytes(1000, seed: 2)),
        ]
        for index in 0..<30 {
            let bytes = LaneData.bytes(100 + index, seed: UInt64(index + 10))
            objects.append(ConformanceObject(name: "many/\(String(1000 + index).dropFirst())", bytes: bytes))
        }
        for (index, name) in oddNames.enumerated() {
            objects.append(ConformanceObject(name: name, bytes: LaneData.bytes(50 + index, seed: UInt64(index + 90))))
        }
        return objects
    }()

    static func without(_ names: [String]) -> [ConformanceObject] {
        all.filter { object in !names.contains { NameOrder.same($0, object.name) } }
    }

    /// Names in the order of their UTF-8 bytes.
    static func sorted(_ names: some Sequence<String>) -> [String] {
        names.sorted { NameOrder.precedes($0, $1) }
    }

    /// Writes them as files below `directory`, under their own names.
    static func write(_ objects: [ConformanceObject] = all, to directory: ScratchDirectory) throws {
        for object in objects { try directory.write(object.name, Data(object.bytes)) }
    }
}

/// An object by its name's bytes: a dictionary would take two spellings of `ü` for one key.
struct ConformanceObject: Sendable {
    var name: String
    var bytes: [UInt8]
}

extension [ConformanceObject] {
    /// Bytes of the object with exactly this name.
    func bytes(of name: String) -> [UInt8]? { first { NameOrder.same($0.name, name) }?.bytes }

    var names: [String] { map(\.name) }
}
