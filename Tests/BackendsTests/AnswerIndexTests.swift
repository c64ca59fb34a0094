import Testing

@testable import Backends

/// The pages in `Fixtures` were made by nginx 1.22.1, Apache 2.4 and Caddy 2.11 from one directory.
@Suite struct AnswerIndexTests {
    private static let long = String(repeating: "long-", count: 20) + ".tar"
    private static let names = [
        "100%.tar", "README.txt", "a b.tar", "a&b<c>.tar", "a+b;c=d@e,f.tar", "col:on.tar", "empty.bin",
        "it's \"quoted\".tar", long, "percent%2Fslash.tar", "q?x#y.tar", "train-000000.tar", "train-000001.tar",
        "train-000002.tar", "é-ü.tar",
    ]

    @Test(
        arguments: [
            ("index-nginx.html", .nginxHTML, true), ("index-nginx-rounded.html", .nginxHTML, false),
            ("index-nginx.json", .nginxJSON, true), ("index-apache-list.html", .apacheHTML, nil),
            ("index-apache-fancy.html", .apacheHTML, false), ("index-apache-table.html", .apacheHTML, false),
            ("index-apache-xhtml.html", .apacheHTML, nil),
        ] as [(String, IndexListing.Format, Bool?)])
    func pagesOfRealServers(file: String, format: IndexListing.Format, exact: Bool?) throws {
        let type = file.hasSuffix("json") ? "application/json" : "text/html"
        let listing = try IndexPage.parse(
            body: try indexFixture(file), contentType: type, pageURL: "https://host/set/")
        #expect(listing.format == format)
        #expect(listing.isComplete)
        #expect(listing.refused.isEmpty)
        #expect(listing.entries.map(\.name) == Self.names)
        let size = { (name: String) in listing.entries.first { $0.name == name }?.size }
        #expect(size("train-000000.tar") == (exact == nil ? nil : 1))
        #expect(size("empty.bin") == (exact == nil ? nil : 0))
        #expect(size("train-000001.tar") == (exact == true ? 12345 : nil))
        #expect(size("train-000002.tar") == (exact == true ? 3_000_000 : nil))
        let isJSON = format == .nginxJSON
        #expect(listing.entries.allSatisfy { $0.modified == (isJSON ? "Tue, 05 Mar 2024 12:00:01 GMT" : nil) })
        for entry in listing.entries {
            let leaf = entry.url.utf8.dropFirst("https://host/set/".utf8.count)
            #expect(entry.url.hasPrefix("https://host/set/"))
            #expect(PercentEncoding.decoded(Array(leaf)) == Array(entry.name.utf8))
            #expect(!leaf.contains { $0 <= 0x20 || $0 >= 0x7F || [0x22, 0x23, 0x2F, 0x3C, 0x3E, 0x3F].contains($0) })
        }
    }

    @Test func pageOfCaddy() throws {
        let listing = try IndexPage.parse(
            body: try indexFixture("index-caddy.html"), contentType: "text/html", pageURL: "http://h:81/set/?x=1")
        #expect(listing.format == .caddyHTML)
        #expect(listing.isComplete)
        #expect(
            listing.entries.map(\.name) == [
                "100%.tar", "a b.tar", "a&b<c>.tar", Self.long, "train-000000.tar", "train-000001.tar",
                "train-000002.tar", "é-ü.tar",
            ])
        #expect(listing.entries.map(\.size) == [2, 2, 2, 2, 1, 12345, 3_000_000, 2])
        #expect(listing.entries.first?.url == "http://h:81/set/100%25.tar")
    }

    @Test(arguments: [
        "index-nginx.html", "index-nginx.json", "index-apache-list.html", "index-apache-table.html", "index-caddy.html",
    ])
    func aPageCutAnywhereIsIncompleteAndNeverGivesAWrongSize(file: String) throws {
        let body = try indexFixture(file)
        let whole = try IndexPage.parse(body: body, contentType: nil, pageURL: "https://host/set/")
        let known = Set(whole.entries)
        let end = body.lastIndex { $0 > 0x20 } ?? 0
        for cut in stride(from: 0, to: end, by: file.contains("caddy") ? 613 : 37) {
            guard
                let part = try? IndexPage.parse(
                    body: Array(body[..<cut]), contentType: nil, pageURL: "https://host/set/")
            else { continue }
            #expect(!part.isComplete)
            for entry in part.entries {
                #expect(known.contains { $0.name == entry.name && (entry.size == nil || $0.size == entry.size) })
            }
        }
    }

    private func entries(_ links: String, tail: String = "</body></html>") throws -> IndexListing {
        try IndexPage.parse(
            body: Array("<html><title>Index of /d/</title><body>\(links)\(tail)".utf8), contentType: "text/html",
            pageURL: "https://u:p@Host:8443/d/index.html?q=1#f")
    }

    @Test(arguments: [
        ("x.tar", "x.tar"), ("./x.tar", "x.tar"), ("/d/x.tar", "x.tar"), ("/%64/x.tar", "x.tar"),
        ("https://host:8443/d/x.tar", "x.tar"), ("HTTPS://HOST:8443/d/x.tar", "x.tar"), (" x.tar\n", "x.tar"),
        ("a%20b", "a b"), ("a b", "a b"), ("a%2520b", "a%20b"), ("100%", "100%"), ("%zz", "%zz"), ("a&amp;b", "a&b"),
        ("a&#38;b", "a&b"), ("a&#x26;b", "a&b"), ("a&amp;amp;b", "a&amp;b"), ("a&unknown;b", "a&unknown;b"),
        ("%C3%A9", "é"), ("é", "é"), ("./a:b", "a:b"), ("a%3Ab", "a:b"), (".hidden", ".hidden"), ("...", "..."),
    ])
    func referencesThatNameAFileHere(reference: String, name: String) throws {
        let listing = try entries("<a href=\"\(reference)\">x</a>")
        #expect(listing.entries.map(\.name) == [name])
        #expect(listing.entries.first?.url.hasPrefix("https://u:p@Host:8443/d/") == true)
        #expect(listing.isComplete)
    }

    @Test(arguments: [
        "", "..", "../", ".", "./", "/", "/d/", "/d", "sub/", "sub/x.tar", "../x.tar", "/other/x.tar", "/d/sub/x.tar",
        "/d/../e/x.tar", "?C=N;O=D", "x.tar?v=1", "#top", "x.tar#a", "//host:8443/d/x.tar", "https://other/d/x.tar",
        "http://host:8443/d/x.tar", "https://host:84430/d/x.tar", "https://host/d/x.tar", "https://host:8443",
        "https://u@host:8443/d/x.tar", "mailto:a@b", "javascript:void(0)", "a:b", "%2E%2E", "%2e", "file:///d/x",
    ])
    func referencesElsewhereAreNotListed(reference: String) throws {
        let listing = try entries("<a href=\"\(reference)\">x</a>")
        #expect(listing.entries.isEmpty)
        #expect(listing.refused.isEmpty)
    }

    @Test(arguments: ["a%2Fb", "..%2F..%2Fetc%2Fpasswd", "%2F", "a%FFb", "%C3"])
    func namesThatCannotBeAreToldApart(reference: String) throws {
        let listing = try entries("<a href=\"\(reference)\">x</a>")
        #expect(listing.entries.isEmpty)
        #expect(listing.refused.map(\.reference) == [reference])
    }

    @Test func orderAndDuplicatesAreByBytes() throws {
        let links = ["b", "a", "é", "e\u{301}", "Z", "a"].map { "<A class=x HREF='\($0)'>\($0)</A> 1-1-1 1:1 7\n" }
        let listing = try entries(links.joined())
        #expect(listing.entries.map { Array($0.name.utf8) } == ["Z", "a", "b", "e\u{301}", "é"].map { Array($0.utf8) })
        #expect(listing.entries.allSatisfy { $0.size == 7 })
    }

    @Test func whatIsNotALinkOrNotTheEndIsNotTaken() throws {
        let noise = """
            <!-- <a href="c1">c</a> </html> --><script>"<a href='c2'>"</script><style>a{}<a href=c3></style>
            <a name="c4">x</a><b href="c5"><a data-href="c6" hrefs="c7"><a title="<a href='c8'>" href=real.tar>x</a>
            """
        #expect(try entries(noise).entries.map(\.name) == ["real.tar"])
        #expect(try entries("<a href=x>x</a></html><a href=y>y</a>", tail: "").isComplete == false)
        #expect(try entries("<a href=x>x</a>", tail: "</BODY></HTML >").isComplete)
        #expect(try entries("<a href=x>x</a>", tail: "<!-- </html> -->").isComplete == false)
        #expect(try entries("<a href=\"x", tail: "").entries.isEmpty)
    }

    @Test(
        arguments: [
            ("", nil), ("<html><title>Welcome</title><a href=x>x</a></html>", "text/html"), ("{\"error\": 1}", nil),
            ("{}", "application/json"), ("[1, 2]", nil), ("[{\"name\":\"a\"}]", nil), ("]", "application/json"),
            ("[{\"name\":1,\"type\":\"file\"}]", nil), ("Index of /", "text/plain"),
        ] as [(String, String?)])
    func otherPagesAreNotListings(body: String, type: String?) {
        #expect(throws: IndexPageError.self) {
            try IndexPage.parse(body: Array(body.utf8), contentType: type, pageURL: "https://h/")
        }
    }

    @Test func jsonDetails() throws {
        let body = """
             [{"name":"b","type":"file","size":-1},{"name":"a/b","type":"file","size":1},{"name":"d","type":"directory"},
            {"name":"a","type":"file","size":1.5,"mtime":7},{"name":"s","type":"other"},{"name":"..","type":"file"}]
            """
        let listing = try IndexPage.parse(body: Array(body.utf8), contentType: nil, pageURL: "https://h")
        #expect(listing.entries.map(\.name) == ["a", "b"])
        #expect(listing.entries.map(\.size) == [nil, nil])
        #expect(listing.entries.map(\.url) == ["https://h/a", "https://h/b"])
        #expect(listing.refused.map(\.reference) == ["a/b", ".."])
        let empty = try IndexPage.parse(body: Array("[\n]".utf8), contentType: nil, pageURL: "https://h/")
        #expect(empty.isComplete && empty.entries.isEmpty)
    }

    @Test(arguments: ["", "h/d/", "https:/h/", "https://", "https:///d/", "://h/"])
    func pageURLsMustBeAbsolute(url: String) {
        #expect(throws: IndexPageError.self) {
            try IndexPage.parse(body: Array("[]".utf8), contentType: nil, pageURL: url)
        }
    }

    @Test func errorsShowNoSecrets() {
        let error = #expect(throws: IndexPageError.self) {
            try IndexPage.parse(body: [], contentType: nil, pageURL: "https://u:secret@h/d/?secret#secret")
        }
        #expect(error?.description.contains("https://h/d/: not an index page") == true)
        #expect(error?.description.contains("secret") == false)
    }
}
