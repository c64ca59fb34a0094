import ObjectModel
import TestSupport
import Testing

@testable import Backends

/// Whatever a provider sends as a page of a listing is a page or an error.
@Suite struct ListingMutationTests {
    /// A good page, and how its provider reads it.
    struct Form: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var read: @Sendable ([UInt8]) throws -> ListPage
        var testDescription: String { name }
    }

    private static let bucket = Result { try Bucket(provider: .ais, name: "data") }

    static let forms = [
        Form(
            name: "S3",
            text: """
                <?xml version="1.0"?><ListBucketResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>\
                <NextContinuationToken>t</NextContinuationToken><Contents><Key>a%20b</Key><Size>12</Size>\
                <LastModified>2024-03-05T12:00:01.000Z</LastModified><ETag>&quot;0f&quot;</ETag></Contents><Contents>\
                <Key>c&amp;<![CDATA[d]]></Key><Size>0</Size><StorageClass>GLACIER</StorageClass></Contents>\
                <CommonPrefixes><Prefix>e/</Prefix></CommonPrefixes></ListBucketResult>
                """, read: { try S3Page.parse($0) }),
        Form(
            name: "Azure",
            text: """
                <?xml version="1.0"?><EnumerationResults><Blobs><Blob><Name>a&amp;b</Name><Properties><Last-Modified>\
                Tue, 05 Mar 2024 12:00:01 GMT</Last-Modified><Etag>0x8D</Etag><Content-Length>5</Content-Length>\
                <Content-MD5>XUFAKrxLKna5cZ2REBfFkg==</Content-MD5></Properties><Metadata><hdi_isfolder>false\
                </hdi_isfolder></Metadata></Blob><Blob><Name Encoded="true">c%01</Name></Blob><BlobPrefix><Name>f/</Name>\
                </BlobPrefix></Blobs><NextMarker>n</NextMarker></EnumerationResults>
                """, read: { try AzurePage.blobs($0) }),
        Form(
            name: "GCS",
            text: """
                {"nextPageToken":"n","prefixes":["e/"],"items":[{"name":"b","size":"5","generation":"17","etag":"CK=",
                "updated":"2024-03-05T12:00:01.123Z","md5Hash":"XUFAKrxLKna5cZ2REBfFkg==","crc32c":"mnG7TA=="},
                {"name":"c\\u00fc","size":"0"}]}
                """,
            read: {
                guard let page = GCSPage($0) else { throw BackendError(.incompleteListing, "gs://data", "no page") }
                return page.listed(of: ListQuery())
            }),
        Form(
            name: "OCI",
            text: """
                {"objects":[{"name":"a","size":5,"md5":"XUFAKrxLKna5cZ2REBfFkg==","etag":"e-1","archivalState":null,
                "timeModified":"2024-03-05T12:00:01.123Z"},{"name":"b\\u00fc","size":0,"archivalState":"Archived"}],
                "prefixes":["c/"],"nextStartWith":"d"}
                """,
            read: {
                let backend = OCIBackend(try bucket.get(), endpoint: "https://h", namespace: "n", authorizer: nil)
                return try backend.listPage(head(), body: $0, of: ListQuery())
            }),
        Form(
            name: "AIS",
            text: """
                {"uuid":"u","continuation_token":"t","flags":0,"entries":[{"name":"a","size":"5","flags":0,
                "checksum":"8c17830e14094692","version":"1","custom":"[ETag:abc LastModified:x]"},
                {"name":"b","size":"3","flags":2},{"name":"dir","flags":256}]}
                """,
            read: { try AISListing.page($0, of: ListQuery(isOneLevel: true), bucket: try bucket.get()) }),
    ]

    private static let fragments = [
        "<", ">", "</", "/>", "&amp;", "&#x41;", "&#", ";", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE ", "<?",
        "%2F", "%",
        "<Key>", "</Key>", "<Contents>", "<Name>", "Encoded=\"true\"", "{", "}", "[", "]", "\"", ":", ",", "\\u00",
        "\\ud800",
        "null", "true", "1e999", "-1", "99999999999999999999", "\"name\":", "\"size\":", "\u{0}", "é", "\u{FEFF}", " ",
        "\n",
    ].map { Array($0.utf8) }

    @Test(arguments: forms)
    func mutatedPages(form: Form) throws {
        let good = Array(form.text.utf8)
        let whole = try form.read(good)
        #expect(whole.entries.count == 2 && whole.prefixes.count == 1 && whole.next != nil)
        var (read, refused) = (0, 0)
        let failure = Fuzz.failure(seed: 7) { _, random in
            let body = random.mutated(good, fragments: Self.fragments)
            var page: ListPage
            do {
                page = try form.read(body)
            } catch {
                refused += 1
                return "\(error)".isEmpty ? "an error without words" : nil
            }
            read += 1
            return Self.complaint(&page, bytes: body.count)
        }
        #expect(failure == nil)
        #expect(read > 0 && refused > 0, "\(read) read, \(refused) refused")
    }

    /// What no page may hold, whatever it was read from.
    private static func complaint(_ page: inout ListPage, bytes: Int) -> String? {
        let names = page.entries.map(\.name) + page.prefixes
        if names.reduce(0, { $0 + $1.utf8.count }) > bytes { return "more names than it was read from" }
        if page.entries.contains(where: { ($0.size ?? 0) < 0 }) { return "a negative size" }
        if page.entries.contains(where: { $0.validator.length != $0.size }) { return "two lengths" }
        // What is believed is in order: by another sort than the one that judged it.
        var progress = ListingProgress()
        guard progress.disorder(&page, ListQuery()) == nil else { return nil }
        let keys = page.entries.map { Array($0.name.utf8) }
        let sorted = Array(Set(keys)).sorted { $0.lexicographicallyPrecedes($1) }
        return keys == sorted ? nil : "names out of order pass"
    }
}
