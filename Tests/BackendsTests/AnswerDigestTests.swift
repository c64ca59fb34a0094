import Hashing
import Testing

@testable import Backends

/// Of the six bytes "hello\n", by OpenSSL; the CRC is any four bytes.
private let sha256 = "WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM="
private let sha512 =
    "58IrmUxZ2c8rSOVJseJGZmNgRZMNPafBrLKZ0cO3+TH5Sq5B7dosKyB6NuEPi8uNRSI+VIePWzFufOO2vAGWKQ=="
private let md5 = "sZRqySSS0jR8YjW00mERhA=="
private let crc = "mnG7TA=="

@Suite struct AnswerDigestTests {
    private func promised(
        _ status: Int = 200, _ fields: KeyValuePairs<String, String>, etagIsMD5: Bool = false
    ) -> [String] {
        DigestHeaders.promised(in: head(status, fields), etagIsMD5: etagIsMD5).map {
            "\($0.origin) \($0.digest.algorithm.rawValue) \($0.digest.base64)"
        }
    }

    @Test(
        arguments: [
            ("sha-256=:\(sha256):", ["sha256 \(sha256)"]),
            ("sha-256=:\(sha256.dropLast()):", ["sha256 \(sha256)"]),
            ("SHA-256=:\(sha256):;q=1 , md5=:\(md5):", ["sha256 \(sha256)", "md5 \(md5)"]),
            (
                "sha-512=:\(sha512):,unixsum=:AAA=:,adler=:AAAAAA==:,crc32c=:\(crc):",
                ["sha512 \(sha512)", "crc32c \(crc)"]
            ),
            ("foo=\"a,md5=:\(md5):\", md5=:\(md5):", ["md5 \(md5)"]),
            ("md5=:AAAAAAAAAAAAAAAAAAAAAA==:, md5=:\(md5):", ["md5 \(md5)"]),
            ("sha-256=:\(md5):", []), ("sha-256=\(sha256)", []), ("sha-256=:\(sha256)", []), ("sha-256", []),
            ("=:\(sha256):", []), ("sha-256=::", []), ("sha-256=:\(sha256):x", []), ("", []), (",,,", []),
            ("sha-256=:!!!!:", []),
        ] as [(String, [String])])
    func fieldsOfRFC9530(value: String, expected: [String]) {
        #expect(promised(200, ["Repr-Digest": value]) == expected.map { "Repr-Digest " + $0 })
        #expect(promised(206, ["repr-digest": value]) == expected.map { "Repr-Digest " + $0 })
        #expect(promised(200, ["Content-Digest": value]) == expected.map { "Content-Digest " + $0 })
        #expect(promised(206, ["Content-Digest": value]) == [])
    }

    @Test(
        arguments: [
            ("SHA-256=\(sha256)", ["sha256 \(sha256)"]),
            (
                "sha-256=\(sha256),MD5=\(md5),unixsum=30637,CRC32c=9a71bb4c",
                ["sha256 \(sha256)", "md5 \(md5)", "crc32c \(crc)"]
            ),
            ("SHA-256=5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03", ["sha256 \(sha256)"]),
            ("CRC32c=\(crc)", ["crc32c \(crc)"]), ("id-md5=\(md5)", ["md5 \(md5)"]),
            ("SHA-256", []), ("SHA-256=", []), ("SHA-256=zz", []), ("=x", []),
        ] as [(String, [String])])
    func fieldOfRFC3230(value: String, expected: [String]) {
        #expect(promised(200, ["Digest": value]) == expected.map { "Digest " + $0 })
    }

    @Test func contentMD5IsOfAWholeBody() {
        #expect(promised(200, ["Content-MD5": md5]) == ["Content-MD5 md5 \(md5)"])
        #expect(promised(206, ["Content-MD5": md5]) == [])
        #expect(promised(200, ["Content-MD5": "b1946ac92492d2347c6235b4d2611184"]) == [])
    }

    @Test func googlesHashesInOneFieldOrSeveral() {
        let expected = ["x-goog-hash crc32c \(crc)", "x-goog-hash md5 \(md5)"]
        #expect(promised(200, ["x-goog-hash": "crc32c=\(crc)", "X-Goog-Hash": "md5=\(md5)"]) == expected)
        #expect(promised(206, ["x-goog-hash": "crc32c=\(crc), md5=\(md5)"]) == expected)
        #expect(promised(200, ["x-goog-hash": "sha-256=\(sha256)"]) == [])
        #expect(promised(200, ["x-goog-hash": "md5=\(md5)", "x-goog-stored-content-encoding": "gzip"]) == [])
        #expect(promised(200, ["x-goog-hash": "md5=\(md5)", "x-goog-stored-content-encoding": "identity"]).count == 1)
    }

    @Test func amazonsChecksumsOfWholeObjects() {
        #expect(
            promised(
                200,
                [
                    "x-amz-checksum-crc32": crc, "x-amz-checksum-crc64nvme": "AAAAAAAAAAE=",
                    "x-amz-checksum-sha256": sha256,
                    "x-amz-checksum-type": "FULL_OBJECT",
                ]) == [
                    "x-amz-checksum-sha256 sha256 \(sha256)", "x-amz-checksum-crc64nvme crc64nvme AAAAAAAAAAE=",
                    "x-amz-checksum-crc32 crc32 \(crc)",
                ])
        #expect(promised(200, ["x-amz-checksum-sha1": "9I3wtgpFnGSYS0ROrv5fuyTXTgI="]).count == 1)
        #expect(promised(200, ["x-amz-checksum-sha256": sha256 + "-3"]) == [])
        #expect(promised(200, ["x-amz-checksum-crc32c": crc, "x-amz-checksum-type": "COMPOSITE"]) == [])
        #expect(promised(206, ["x-amz-checksum-crc32c": crc]) == [])
    }

    @Test(arguments: [
        ("\"b1946ac92492d2347c6235b4d2611184\"", true), ("\"B1946AC92492D2347C6235B4D2611184\"", true),
        ("W/\"b1946ac92492d2347c6235b4d2611184\"", false), ("\"b1946ac92492d2347c6235b4d2611184-2\"", false),
        ("b1946ac92492d2347c6235b4d2611184", false), ("\"65e70001-3039\"", false),
    ])
    func anETagIsAnMD5OnlyWhereThatIsKnown(etag: String, isDigest: Bool) {
        #expect(promised(200, ["ETag": etag]) == [])
        #expect(promised(200, ["ETag": etag], etagIsMD5: true).isEmpty == !isDigest)
    }

    @Test func withAContentCodingOnlyTheFieldsOfRFC9530Count() {
        let all: KeyValuePairs = [
            "Content-Encoding": "gzip", "Content-Digest": "sha-256=:\(sha256):", "Repr-Digest": "md5=:\(md5):",
            "Digest": "SHA-512=\(sha512)", "Content-MD5": md5, "x-goog-hash": "crc32c=\(crc)",
            "x-amz-checksum-crc32": crc, "ETag": "\"b1946ac92492d2347c6235b4d2611184\"",
        ]
        #expect(promised(200, all, etagIsMD5: true) == ["Repr-Digest md5 \(md5)", "Content-Digest sha256 \(sha256)"])
        #expect(promised(200, ["Content-Encoding": "identity", "Content-MD5": md5]).count == 1)
    }

    @Test func oneDigestIsPromisedOnce() {
        let fields: KeyValuePairs = [
            "Repr-Digest": "sha-256=:\(sha256):", "Content-Digest": "sha-256=:\(sha256):",
            "Digest": "sha-256=\(sha256)",
        ]
        #expect(promised(200, fields) == ["Repr-Digest sha256 \(sha256)"])
        #expect(promised(404, fields) == [])
        let first = DigestHeaders.promised(in: head(200, fields), etagIsMD5: false).first
        #expect(first?.description == "sha256 (Repr-Digest)")
    }
}
