import Testing

@testable import Backends

@Suite struct LaneValueTests {
    @Test(arguments: [
        ("http://Host/a/b?q#f", "http://host/a/b?q", "http://host/a/b", "http://host"),
        ("https://u:p@h:443/", "https://h/", "https://h/", "https://h"),
        ("https://h:8443", "https://h:8443/", "https://h:8443/", "https://h:8443"),
        ("http://[::1]:80/x y", "http://[::1]/x%20y", "http://[::1]/x%20y", "http://[::1]"),
        ("HTTP://h/a/../b/./c", "http://h/b/c", "http://h/b/c", "http://h"),
    ])
    func urlParts(_ url: String, _ text: String, _ redacted: String, _ origin: String) throws {
        let parts = try URLParts(url)
        #expect(parts.text == text)
        #expect(parts.redacted == redacted)
        #expect(parts.origin == origin)
        #expect(URLText.origin(of: url) == origin)
    }

    @Test func userinfoIsDecoded() throws {
        let parts = try URLParts("http://us%40er:p%3Aw@h/")
        #expect(parts.user == "us@er" && parts.password == "p:w")
    }

    @Test(arguments: [
        ("c", "http://h/a/c"), ("/c", "http://h/c"), ("?x=1", "http://h/a/b?x=1"), ("//g/c", "http://g/c"),
        ("https://g", "https://g/"), ("../../c", "http://h/c"), ("c d", "http://h/a/c%20d"), ("", "http://h/a/b?q"),
    ])
    func references(_ reference: String, _ result: String) throws {
        #expect(try URLParts("http://u:p@h/a/b?q").resolve(relative: reference).text == result)
    }

    @Test(arguments: [
        ("http://u:p@h/a?b#c", "http://h/a"), ("http://u:p@w@h/a", "http://h/a"), ("u:p@h/a", "h/a"), ("", ""),
        ("nonsense", "nonsense"), ("http://h/a@b", "http://h/a@b"), ("https://u@h?x", "https://h"),
    ])
    func redaction(_ url: String, _ shown: String) { #expect(URLText.redacted(url) == shown) }

    @Test(arguments: [
        "http://h/d/a.tar", "http://h/d/./b", "http://h/d/a b", "http://h/d/x#f", "http://h/", "http://h/d/x?y=1",
    ])
    func theShortWayToARouteLeadsWhereTheLongOneDoes(_ url: String) throws {
        var options = NetworkOptions()
        options.netrcFile = "/dev/null"
        var warm = RouteFinder(options)
        _ = try warm.route(to: "http://h/first")
        var cold = RouteFinder(options)
        let (a, b) = (try warm.route(to: url), try cold.route(to: url))
        #expect(a.url == b.url && a.origin == b.origin && a.shownURL == b.shownURL)
        #expect(try warm.route(to: "http://u:p@h/x").login == Login(user: "u", password: "p"))
        #expect(try warm.route(to: "http://u:p@h/y").url == "http://h/y")
        #expect(try warm.route(to: "http://h/y").login == nil)
    }

    @Test func cooldowns() {
        let cooldown = HostCooldown()
        #expect(cooldown.wait("http://a", now: 100) == 0)
        cooldown.note("http://a", until: 105)
        cooldown.note("http://a", until: 103)
        #expect(cooldown.wait("http://a", now: 101) == 4)
        #expect(cooldown.wait("http://b", now: 101) == 0)
        #expect(cooldown.wait("http://a", now: 105) == 0)
    }

    @Test func buffersComeBackBySize() {
        let pool = BufferPool()
        let first = pool.take(atLeast: 16 << 10)
        #expect(first.capacity == 16 << 10)
        pool.recycle(first)
        #expect(pool.take(atLeast: 12_000) === first)
        #expect(pool.take(atLeast: 0).capacity == 4096)
        #expect(pool.take(atLeast: (16 << 10) + 1).capacity == 32 << 10)
    }
}
