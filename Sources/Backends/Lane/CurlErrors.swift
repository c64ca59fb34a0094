import CCurl

/// What a libcurl result means to us, as one sentence with the remedy.
enum CurlErrors {
    static func error(_ code: CURLcode, _ transfer: CurlTransfer) -> TransportError {
        let (kind, message) = reason(code, transfer)
        return TransportError(kind, url: transfer.route.shownURL, message: message)
    }

    private static func reason(_ code: CURLcode, _ transfer: CurlTransfer) -> (TransportError.Kind, String) {
        if let proxy = proxyReason(code, transfer) { return proxy }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: return (.resolve, "the host name \(transfer.route.host) cannot be resolved")
        case CURLE_COULDNT_CONNECT:
            return (.connect, "cannot connect to \(transfer.route.origin) (\(detail(code, transfer)))")
        case CURLE_OPERATION_TIMEDOUT: return (.timeout, "no connection to \(transfer.route.origin) in time")
        case CURLE_PARTIAL_FILE: return (.shortBody, shortBody(transfer))
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_GOT_NOTHING:
            return transfer.received > 0
                ? (.reset, "the connection broke after \(transfer.received) bytes of the body")
                : (.reset, "the server closed the connection without an answer (\(detail(code, transfer)))")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING,
            CURLE_FILESIZE_EXCEEDED, CURLE_WRITE_ERROR:
            return (.protocolError, "the answer is not proper HTTP (\(detail(code, transfer)))")
        case CURLE_URL_MALFORMAT: return (.badURL, "not a URL that can be fetched")
        default: return tlsReason(code, transfer) ?? (.protocolError, detail(code, transfer))
        }
    }

    private static func shortBody(_ transfer: CurlTransfer) -> String {
        guard let length = transfer.head?.contentLength else {
            return "the body ended after \(transfer.received) bytes, before its end"
        }
        return "the body ended after \(transfer.received) of \(length) bytes"
    }

    private static func proxyReason(_ code: CURLcode, _ transfer: CurlTransfer) -> (TransportError.Kind, String)? {
        let status = ccurl_get_long(transfer.easy, CURLINFO_HTTP_CONNECTCODE)
        if code == CURLE_COULDNT_RESOLVE_PROXY { return (.proxy, "the proxy's name cannot be resolved: check --proxy") }
        if status == 407 { return (.proxyRefused, proxyAuthentication) }
        if (400..<500).contains(status), !RetryPolicy.isRetryable(status: status) {
            let host = transfer.route.host
            return (
                .proxyRefused,
                "the proxy refused to connect (status \(status)): let it allow \(host), or use --noproxy \(host)"
            )
        }
        if status >= 300 { return (.proxy, "the proxy refused to connect (status \(status))") }
        return code == CURLE_PROXY ? (.proxy, "the proxy does not work (\(detail(code, transfer)))") : nil
    }

    static let proxyAuthentication =
        "the proxy asks for a login (407): give it as --proxy http://USER:PASSWORD@HOST:PORT or in https_proxy"

    // MARK: - TLS

    private static func tlsReason(_ code: CURLcode, _ transfer: CurlTransfer) -> (TransportError.Kind, String)? {
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION: return (.tls, verification(transfer))
        case CURLE_SSL_CACERT_BADFILE:
            return (.tls, "the CA file cannot be read: --cacert FILE must name a PEM bundle")
        case CURLE_SSL_CERTPROBLEM:
            return (
                .tls, "the client certificate cannot be used: check --cert and --key (PEM) (\(detail(code, transfer)))"
            )
        case CURLE_SSL_CONNECT_ERROR:
            let text = detail(code, transfer)
            return text.contains("SYSCALL") || text.contains("reset by peer")
                ? (.reset, "the connection broke during the TLS handshake") : (.tls, "no TLS connection (\(text))")
        case CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_USE_SSL_FAILED:
            return (.tls, "no TLS connection (\(detail(code, transfer)))")
        default: return nil
        }
    }

    /// By OpenSSL's X509_V_ERR numbers; names libcurl compares itself, and says so only in words.
    private static func verification(_ transfer: CurlTransfer) -> String {
        let host = transfer.route.host
        let words = detail(CURLE_PEER_FAILED_VERIFICATION, transfer)
        let unverified = "--insecure-host \(host) takes it unverified"
        switch ccurl_get_long(transfer.easy, CURLINFO_SSL_VERIFYRESULT) {
        case 9: return "the certificate of \(host) is not valid yet: check this machine's clock"
        case 10: return "the certificate of \(host) has expired: check this machine's clock; \(unverified)"
        case 18, 19, 20, 21:
            return "the certificate of \(host) is signed by an authority unknown here: name its CA with --cacert FILE; "
                + unverified
        default:
            return words.contains("subject name")
                ? "the certificate of \(host) is for another host: ask for the host that it names; \(unverified)"
                : "the certificate of \(host) cannot be verified (\(words)): name its CA with --cacert FILE; \(unverified)"
        }
    }

    /// libcurl's own words, without line breaks.
    private static func detail(_ code: CURLcode, _ transfer: CurlTransfer) -> String {
        let words = String(cString: transfer.errorText)
        let text = words.isEmpty ? String(cString: curl_easy_strerror(code)) : words
        return String(decoding: text.utf8.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
    }
}
