import Foundation
import ObjectModel
import Synchronization
import TestSupport
import Testing

@testable import Backends

/// Listings that lie, break and go round in circles.
@Suite struct ListingReaderTests {
    /// What `read` gave: the names that could be used, and how it ended.
    struct Outcome {
        var names: [String] = []
        var prefixes: [String] = []
        var error: BackendError?
    }

    static func row(_ name: String) -> JSONValue { [.string(name), 1, "none"] }

    /// Pages by the number of the request.
    static func server(_ respond: @escaping @Sendable (Int) -> ResponderServer.Answer) throws -> ResponderServer {
        try ResponderServer { respond($0.index) }
    }

    static func read(
        _ server: ResponderServer, _ query: ListQuery = ListQuery(), _ environment: CloudEnvironment = .test()
    ) throws -> Outcome {
        let backend = try ReferenceBackend(Bucket(provider: .aws, name: "data"), origin: server.origin)
        var reader = ListingReader(backend, query, lane: environment.makeLane())
        var outcome = Outcome()
        do throws(BackendError) {
            while let page = try reader.nextPage() {
                outcome.names += page.entries.map(\.name)
                outcome.prefixes += page.prefixes
            }
        } catch {
            outcome.error = error
            // It stays ended.
            do throws(BackendError) {
                _ = try reader.nextPage()
                Issue.record("a broken listing went on")
            } catch {
                #expect(error == outcome.error)
            }
        }
        return outcome
    }

    @Test func pagesFollowEachOther() throws {
        let server = try Self.server { index in
            switch index {
            case 0: ReferenceServer.page([Self.row("a"), Self.row("b")], next: "1")
            case 1: ReferenceServer.page([], next: "2")
            default: ReferenceServer.page([Self.row("c")], next: nil)
            }
        }
        let outcome = try Self.read(server)
        #expect(outcome.names == ["a", "b", "c"] && outcome.error == nil)
        #expect(server.requests.map { $0.query["token"] } == [nil, "1", "2"])
    }

    @Test func orderIsThatOfUTF8() throws {
        // By scalars and by canonical equivalence these would stand otherwise, or be the same.
        let names = ["u\u{308}", "z", "\u{fc}", "\u{ff5e}", "\u{1F600}"]
        let server = try Self.server { _ in ReferenceServer.page(names.map(Self.row), next: nil) }
        let outcome = try Self.read(server)
        #expect(outcome.names.map { Array($0.utf8) } == names.map { Array($0.utf8) } && outcome.error == nil)
    }

    @Test func aTokenThatRepeatsEndsTheListing() throws {
        let same = try Self.server { _ in ReferenceServer.page([], next: "again") }
        #expect(try Self.read(same).error?.kind == .incompleteListing)
        let circle = try Self.server { ReferenceServer.page([], next: "\($0 % 3)") }
        #expect(try Self.read(circle).error?.kind == .incompleteListing)
        #expect(circle.requests.count == 4)
        let named = try Self.server { ReferenceServer.page([Self.row("a\($0)")], next: "same") }
        let outcome = try Self.read(named)
        #expect(outcome.error?.kind == .incompleteListing && outcome.names == ["a0", "a1"])
        let empty = try Self.server { _ in ReferenceServer.page([Self.row("a")], next: "") }
        let cut = try Self.read(empty)
        #expect(cut.error?.kind == .incompleteListing && cut.names == ["a"])
    }

    @Test func emptyPagesDoNotGoOnForever() throws {
        let server = try ResponderServer(keepsRequests: false) { ReferenceServer.page([], next: "\($0.index)") }
        #expect(try Self.read(server).error?.kind == .incompleteListing)
    }

    @Test(arguments: [["b", "a"], ["a", "a"], ["a", "c", "b"], ["a", "B"], ["\u{fc}", "u\u{308}"]])
    func namesOutOfOrderEndTheListing(_ names: [String]) throws {
        let onePage = try Self.server { _ in ReferenceServer.page(names.map(Self.row), next: nil) }
        let whole = try Self.read(onePage)
        #expect(whole.error?.kind == .incompleteListing && whole.names.isEmpty)
        let pages = try Self.server { index in
            ReferenceServer.page(
                [Self.row(names[min(index, names.count - 1)])], next: index < names.count - 1 ? "\(index)" : nil)
        }
        let outcome = try Self.read(pages)
        #expect(outcome.error?.kind == .incompleteListing && outcome.names.count == names.count - 1)
    }

    @Test func namesBesideThePrefixEndTheListing() throws {
        let server = try Self.server { _ in ReferenceServer.page([Self.row("other/a")], next: nil) }
        #expect(try Self.read(server, ListQuery(prefix: "many/")).error?.kind == .incompleteListing)
        let levels = try Self.server { _ in ReferenceServer.page([], ["other/"], next: nil) }
        let query = ListQuery(prefix: "many/", isOneLevel: true)
        #expect(try Self.read(levels, query).error?.kind == .incompleteListing)
    }

    @Test func prefixesAdvance() throws {
        let cut = try Self.server { index in
            index == 0
                ? ReferenceServer.page([], ["a/", "b/"], next: "1") : ReferenceServer.page([], ["b/", "c/"], next: nil)
        }
        let outcome = try Self.read(cut, ListQuery(isOneLevel: true))
        #expect(outcome.prefixes == ["a/", "b/", "c/"] && outcome.error == nil)
        let back = try Self.server { ReferenceServer.page([], ["b/", "a/"], next: "\($0)") }
        #expect(try Self.read(back, ListQuery(isOneLevel: true)).error?.kind == .incompleteListing)
    }

    @Test func whatStandsBeforeTheStartIsLeftOut() throws {
        let server = try Self.server { _ in
            ReferenceServer.page(["a", "b", "b1", "c"].map(Self.row), ["a/", "b/", "c/"], next: nil)
        }
        let outcome = try Self.read(server, ListQuery(startAfter: "b", isOneLevel: true))
        #expect(outcome.names == ["b1", "c"] && outcome.prefixes == ["b/", "c/"])
        let inside = try Self.read(server, ListQuery(startAfter: "b/x", isOneLevel: true))
        #expect(inside.names == ["b1", "c"] && inside.prefixes == ["b/", "c/"])
    }

    @Test(arguments: ["", "{", "<html>", "{\"names\": 1}", "[]"])
    func aBrokenPageEndsTheListing(_ text: String) throws {
        let server = try Self.server { $0 == 0 ? ReferenceServer.page([Self.row("a")], next: "1") : .init(text: text) }
        let outcome = try Self.read(server)
        #expect(outcome.error?.kind == .incompleteListing && outcome.names == ["a"])
    }

    @Test(
        arguments: [(503, 2, nil), (503, 9, .incompleteListing), (500, 9, .incompleteListing)]
            as [(Int, Int, BackendError.Kind?)])
    func errorsOfTheServerAreRetried(_ status: Int, _ times: Int, _ kind: BackendError.Kind?) throws {
        for isFirst in [true, false] {
            let server = try Self.server { index in
                if !isFirst && index == 0 { return ReferenceServer.page([Self.row("a")], next: "1") }
                let tried = index - (isFirst ? 0 : 1)
                return tried < times ? .init(status) : ReferenceServer.page([Self.row("b")], next: nil)
            }
            let outcome = try Self.read(server)
            #expect(outcome.error?.kind == kind)
            #expect(outcome.names == (isFirst ? [] : ["a"]) + (kind == nil ? ["b"] : []))
        }
    }

    @Test(arguments: [(401, .refused), (404, .noBucket), (400, .incompleteListing)] as [(Int, BackendError.Kind)])
    func refusalsCountWithTheFirstPage(_ status: Int, _ kind: BackendError.Kind) throws {
        #expect(try Self.read(Self.server { _ in .init(status) }).error?.kind == kind)
        let later = try Self.server { $0 == 0 ? ReferenceServer.page([Self.row("a")], next: "1") : .init(status) }
        let outcome = try Self.read(later)
        #expect(outcome.error?.kind == .incompleteListing && outcome.names == ["a"])
    }

    @Test func aServerThatGoesAwayLeavesAnIncompleteListing() throws {
        let page = ReferenceServer.page([Self.row("a")], next: "1").body
        let answer = "HTTP/1.1 200 x\r\nContent-Length: \(page.count)\r\nConnection: close\r\n\r\n"
        let server = try ScriptedServer([
            [.request, .send(answer + String(decoding: page, as: UTF8.self))], [.request, .reset],
        ])
        let backend = try ReferenceBackend(
            Bucket(provider: .aws, name: "data"), origin: String(server.url().dropLast()))
        var reader = ListingReader(backend, ListQuery(), lane: CloudEnvironment.test().makeLane())
        #expect(try reader.nextPage()?.entries.count == 1)
        #expect(throws: BackendError.self) { try reader.nextPage() }
        server.stop()
        var late = ListingReader(backend, ListQuery(), lane: CloudEnvironment.test().makeLane())
        do throws(BackendError) {
            _ = try late.nextPage()
            Issue.record("nobody listens")
        } catch {
            #expect(error.kind == .unreachable)
        }
    }

    @Test func aStopEndsTheListing() throws {
        let stop = StopFlag()
        let server = try Self.server { index in
            if index == 1 { stop.set() }
            return index == 0 ? ReferenceServer.page([Self.row("a")], next: "1") : .init(503)
        }
        var environment = CloudEnvironment.test()
        environment.retry = RetryPolicy(retries: 1000)
        environment.stopped = { stop.isSet }
        let outcome = try Self.read(server, ListQuery(), environment)
        #expect(outcome.error?.kind == .cancelled && outcome.names == ["a"])
    }
}

private final class StopFlag: Sendable {
    private let flag = Mutex(false)
    func set() { flag.withLock { $0 = true } }
    var isSet: Bool { flag.withLock { $0 } }
}
