import CCurl

/// The text behind `--proxy`, read by libcurl's own parser.
enum ProxyText {
    private static let schemes: Set<String> = ["http", "https", "socks", "socks4", "socks4a", "socks5", "socks5h"]

    /// Why libcurl would not take it; nil when it does. Without a scheme, as `host:3128`, it is an HTTP proxy.
    static func fault(in text: String) -> String? {
        guard let handle = curl_url() else { return "no memory to parse it" }
        defer { curl_url_cleanup(handle) }
        let flags = UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME)
        let code = curl_url_set(handle, CURLUPART_URL, text, flags)
        guard code == CURLUE_OK, !text.utf8.contains(0) else {
            return "not a URL of a proxy (\(String(cString: curl_url_strerror(code))))"
        }
        guard let range = text.range(of: "://") else { return nil }
        let scheme = text[..<range.lowerBound].lowercased()
        return schemes.contains(scheme) ? nil : "a proxy speaks http, https or socks5, not \(scheme)"
    }
}
