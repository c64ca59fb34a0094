import Foundation
import Hashing
import ObjectModel
import TestSupport

@testable import Backends

/// The reference of the conformance suite: one bucket in memory, `data`, behind a plain little protocol.
///
///     GET /BUCKET                     200, or 404; 401 without `Authorization: let me in`
///     GET /BUCKET?list&prefix&after&level&max&token
///                                     {"names": [[name, size, md5]…], "prefixes": […], "next": …}
///     GET, HEAD /BUCKET/OBJECT        the object, with ETag, Content-MD5; Range, If-Match, If-None-Match
final class ReferenceServer: Sendable {
    let responder: ResponderServer

    init(_ objects: [ConformanceObject] = ConformanceObjects.all) throws {
        let names = ConformanceObjects.sorted(objects.names)
        responder = try ResponderServer { Self.respond($0, names, objects) }
    }

    private static func respond(
        _ request: ResponderServer.Request, _ names: [String], _ objects: [ConformanceObject]
    ) -> ResponderServer.Answer {
        guard request.headers["authorization"] == "let me in" else { return .init(401) }
        let path = request.path
        if path == "/" { return .init(text: "data\n") }
        guard path == "/data" || path.hasPrefix("/data/") else { return .init(404, text: "no such bucket") }
        guard path != "/data" else {
            return request.target.contains("?list") ? list(request.query, names, objects) : .init()
        }
        guard let bytes = objects.bytes(of: String(path.dropFirst(6))) else { return .init(404) }
        return object(request, bytes)
    }

    private static func object(_ request: ResponderServer.Request, _ bytes: [UInt8]) -> ResponderServer.Answer {
        let etag = "\"\(Digest.of(bytes.span.bytes, .sha1).hex)\""
        if let wanted = request.headers["if-match"], wanted != etag { return .init(412) }
        if request.headers["if-none-match"] == etag { return .init(304, [("ETag", etag)]) }
        let md5 = Digest.of(bytes.span.bytes, .md5).base64
        guard let range = request.headers["range"], let first = Int(range.dropFirst(6).prefix { $0 != "-" }) else {
            return .init(200, [("ETag", etag), ("Content-MD5", md5)], body: bytes)
        }
        guard first < bytes.count else { return .init(416) }
        return .init(
            206, [("ETag", etag), ("Content-Range", "bytes \(first)-\(bytes.count - 1)/\(bytes.count)")],
            body: Array(bytes[first...]))
    }

    private static func list(
        _ query: [String: String], _ names: [String], _ objects: [ConformanceObject]
    ) -> ResponderServer.Answer {
        let prefix = query["prefix"] ?? ""
        let start = query["token"] ?? query["after"]
        let pageMax = query["max"].flatMap { Int($0) } ?? 1000
        var rows: [JSONValue] = []
        var levels: [String] = []
        var last = ""
        for name in names where NameOrder.begins(name, with: prefix) {
            if let start, !NameOrder.precedes(start, name) { continue }
            let rest = name.dropFirst(prefix.count)
            if query["level"] != nil, let slash = rest.firstIndex(of: "/") {
                let level = prefix + rest[...slash]
                // A page ends with the last name of a level, so that the next one does not name it again.
                if levels.last == level {
                    last = name
                    continue
                }
                if rows.count + levels.count == pageMax { return page(rows, levels, next: last) }
                levels.append(level)
            } else {
                if rows.count + levels.count == pageMax { return page(rows, levels, next: last) }
                let bytes = objects.bytes(of: name) ?? []
                let md5 = Digest.of(bytes.span.bytes, .md5).base64
                rows.append([.string(name), .integer(Int64(bytes.count)), .string(md5)])
            }
            last = name
        }
        return page(rows, levels, next: nil)
    }

    static func page(_ rows: [JSONValue], _ levels: [String] = [], next: String?) -> ResponderServer.Answer {
        var page: JSONValue = ["names": .array(rows), "prefixes": .array(levels.map { .string($0) })]
        page["next"] = next.map { .string($0) }
        return .init(text: page.text())
    }
}
