/// What S3 says in the body of an error.
struct S3Error: Sendable, Hashable {
    let code: String
    /// The region that the bucket is in, or that the request should have been signed for.
    let region: String?

    /// Nil for what is not an error of S3, or of STS, which puts it one level deeper.
    init?(_ body: [UInt8]) {
        guard !body.isEmpty, let found = try? Self.parse(body), let code = found["Code"] else { return nil }
        // A code is a word; anything else is not repeated to users.
        guard code.utf8.count <= 64, code.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        self.code = code
        region = found["Region"].flatMap { Self.isRegion($0) ? $0 : nil }
    }

    static func isRegion(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy {
                $0 == 0x2D || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            }
    }

    /// "Later", whatever the status: S3 sends some of them with 400 or 403.
    var isRetryable: Bool {
        [
            "SlowDown", "SlowDownRead", "InternalError", "ServiceUnavailable", "RequestTimeout", "Throttling",
            "ThrottlingException", "RequestThrottled", "RequestLimitExceeded", "TooManyRequests",
            "BandwidthLimitExceeded", "RequestTimeoutException", "PriorRequestNotComplete",
        ].contains(code)
    }

    /// The keys have ended, or are not taken: other keys may help.
    var isRefusal: Bool {
        [
            "AccessDenied", "AllAccessDisabled", "ExpiredToken", "InvalidAccessKeyId", "InvalidToken",
            "TokenRefreshRequired",
            "ExpiredTokenException", "SignatureDoesNotMatch", "AccountProblem", "NotSignedUp",
            "AuthorizationHeaderMalformed",
            "UnauthorizedAccess",
        ].contains(code)
    }

    /// What a request that was signed for another region is told with 400.
    var isAboutRegion: Bool {
        code == "AuthorizationHeaderMalformed" || code.contains("Region") || code.contains("Location")
    }

    private static func parse(_ body: [UInt8]) throws(XMLError) -> [String: String] {
        var reader = try XMLReader(body, maxBytes: 1 << 20)
        var found: [String: String] = [:]
        func walk(_ level: Int) throws(XMLError) {
            while let name = try reader.child() {
                switch name {
                case "Error" where level == 0: try walk(1)
                case "Code", "Region": found[name] = try reader.text()
                default: try reader.skip()
                }
            }
        }
        let root = try reader.root()
        guard root == "Error" || root == "ErrorResponse" else { return [:] }
        try walk(0)
        return found
    }
}
