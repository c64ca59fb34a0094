import ObjectModel
import Testing

@testable import Backends

private let monday = "Tue, 05 Mar 2024 12:00:01 GMT"

@Suite struct AnswerValidatorTests {
    @Test(
        arguments: [
            ("\"65e70001-3039\"", "65e70001-3039"), (" \"a\" ", "a"), ("\"a!#~é\"", "a!#~é"), ("\"W/a\"", "W/a"),
            ("\"\u{FFFD}a\"", nil), ("W/\"a\"", nil), ("w/\"a\"", nil), ("a", nil), ("\"\"", nil), ("\"", nil),
            ("", nil), ("\"a", nil),
            ("\"a b\"", nil), ("\"a\"b\"", nil), ("\"a\u{1}b\"", nil), ("'a'", nil),
            ("\"" + String(repeating: "x", count: 1025) + "\"", nil),
        ] as [(String, String?)])
    func onlyStrongETagsAreKept(field: String, etag: String?) {
        #expect(Validator(of: head(200, ["ETag": field])).etag == etag)
    }

    @Test func theRestOfAValidator() {
        let whole = Validator(of: head(200, ["Last-Modified": monday, "Content-Length": "12"]))
        #expect(whole == Validator(lastModified: monday, length: 12))
        let part = Validator(of: head(206, ["Content-Length": "2", "Content-Range": "bytes 10-11/12"]))
        #expect(part.length == 12)
        #expect(Validator(of: head(206, ["Content-Length": "2", "Content-Range": "bytes 10-11/*"])).length == nil)
        #expect(Validator(of: head(200, ["Last-Modified": "yesterday", "Content-Length": "-1"])) == Validator())
        #expect(Validator(of: head(304, ["Content-Length": "12"])).length == nil)
    }

    @Test func conditions() {
        let both = Validator(etag: "a", lastModified: monday)
        #expect(both.ifRangeValue == "\"a\"")
        #expect(both.conditionalHeaders == [HTTPHeader("If-None-Match", "\"a\"")])
        let time = Validator(lastModified: monday, length: 3)
        #expect(!time.isStrong && time.ifRangeValue == nil)
        #expect(time.conditionalHeaders == [HTTPHeader("If-Modified-Since", monday)])
        #expect(Validator(length: 3).conditionalHeaders.isEmpty)
    }

    @Test(
        arguments: [
            (Validator(etag: "a"), Validator(etag: "a"), true), (Validator(etag: "a"), Validator(etag: "b"), false),
            (Validator(etag: "a", length: 1), Validator(etag: "a", length: 2), false),
            (Validator(etag: "a", lastModified: monday), Validator(etag: "a", lastModified: "x"), true),
            (Validator(etag: "a", length: 1), Validator(lastModified: monday, length: 1), nil),
            (Validator(lastModified: monday, length: 1), Validator(lastModified: monday, length: 1), true),
            (
                Validator(lastModified: monday, length: 1),
                Validator(lastModified: "Tue Mar  5 12:00:01 2024", length: 1), true
            ),
            (Validator(lastModified: monday), Validator(lastModified: monday, length: 1), nil),
            (Validator(lastModified: monday), Validator(lastModified: "Tue, 05 Mar 2024 12:00:02 GMT"), false),
            (Validator(length: 1), Validator(length: 1), nil), (Validator(length: 1), Validator(length: 2), false),
            (Validator(), Validator(), nil),
            (Validator(etag: "a", version: "1"), Validator(etag: "b", version: "1"), true),
            (Validator(etag: "a", version: "1"), Validator(etag: "a", version: "2"), false),
            (Validator(etag: "a", version: "1"), Validator(etag: "a"), true),
            (Validator(length: 1, version: "1"), Validator(length: 2, version: "1"), false),
        ] as [(Validator, Validator, Bool?)])
    func sameObject(a: Validator, b: Validator, expected: Bool?) {
        #expect(a.isSameObject(as: b) == expected)
        #expect(b.isSameObject(as: a) == expected)
    }

    @Test func customKeysOfANode() {
        let answer = head(200, ["ETag": "\"6b03347e-821e000\"", "Last-Modified": monday, "Content-Length": "5"])
        let url = "http://user:secret@127.0.0.1:8900/imagenet/train-000000.tar?token=secret#x"
        let bare = "http://127.0.0.1:8900/imagenet/train-000000.tar"
        let ht = CustomMetadata.http(answer, originalURL: url, into: .ht)
        #expect(ht.map(\.0) == ["source", "ETag", "orig_url"])
        #expect(ht.map(\.1) == ["ht", "6b03347e-821e000", bare])
        let ais = CustomMetadata.http(answer, originalURL: url, into: .ais)
        #expect(ais.map(\.0) == ["source", "ETag", "orig_url", "LastModified"])
        #expect(ais.map(\.1) == ["web", "6b03347e-821e000", bare, "2024-03-05T12:00:01Z"])
        let weak = CustomMetadata.http(head(200, ["ETag": "W/\"a\""]), originalURL: bare, into: .ais)
        #expect(weak.map(\.0) == ["source", "orig_url"])

        let stored = CustomMetadata.validator(custom: ais, size: 5)
        #expect(stored == Validator(of: answer))
        #expect(CustomMetadata.validator(custom: weak, size: 5) == Validator(length: 5))
        let versioned = CustomMetadata.validator(custom: [("source", "gcp"), ("version", "17")], size: 5)
        #expect(versioned == Validator(length: 5, version: "17"))
    }

    @Test(arguments: [
        ("https://h/a?b", "https://h/a"), ("https://h?a/b@c", "https://h"), ("https://u@h/a@b", "https://h/a@b"),
        ("https://u:p@x@h/a", "https://h/a"), ("https://h#f", "https://h"), ("nonsense", "nonsense"), ("", ""),
        ("?://", ""), ("a?b://c@d", "a"), ("https://", "https://"), ("https://u@", "https://"),
    ])
    func bareURLs(url: String, bare: String) {
        #expect(CustomMetadata.bareURL(url) == bare)
    }
}
