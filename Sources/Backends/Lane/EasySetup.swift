import CCurl
import Foundation

/// Tells an easy handle what to do: once for what never changes, then for each request and each hop.
struct EasySetup {
    /// Bytes that libcurl reads at once: what one `curl_multi_perform` may deliver of one HTTP/1.1 transfer. Measured on
    /// loopback: 64 KiB costs half as much system time again, 256 KiB a few percent of wall time; 512 KiB gains nothing.
    static let receiveBytes = 384 << 10

    private let options: NetworkOptions
    private let insecureHosts: Set<String>
    private let noProxy: String?

    init(_ options: NetworkOptions) {
        self.options = options
        insecureHosts = Set(options.insecureHosts.map { $0.lowercased() })
        let environment = ProcessInfo.processInfo.environment
        let inherited = environment["no_proxy"] ?? environment["NO_PROXY"]
        noProxy =
            options.noProxy.isEmpty ? nil : ([inherited].compactMap { $0 } + options.noProxy).joined(separator: ",")
    }

    /// Whether the source's own origin is sent anything that no other may see.
    func hasSecrets(for request: HTTPRequest) -> Bool {
        options.certificateFile != nil || request.headers.contains(where: \.isSecret)
            || !(request.bringsCredentials || options.headers.isEmpty)
    }

    /// What holds for every request of this handle.
    func prepare(_ transfer: CurlTransfer) {
        let easy = transfer.easy
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        ccurl_set_pointer(easy, CURLOPT_PRIVATE, context)
        ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, transfer.errorText)
        ccurl_set_callback(easy, CURLOPT_WRITEFUNCTION, CurlCallbacks.body)
        ccurl_set_callback(easy, CURLOPT_HEADERFUNCTION, CurlCallbacks.header)
        ccurl_set_pointer(easy, CURLOPT_READDATA, context)
        ccurl_set_read_callback(easy, CurlCallbacks.upload)
        for (option, value) in Self.constants { ccurl_set_long(easy, option, value) }
        ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        ccurl_set_string(easy, CURLOPT_USERAGENT, options.userAgent)
        ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(max(0.001, options.connectTimeout) * 1000))
        if let caFile = options.caFile {
            ccurl_set_string(easy, CURLOPT_CAINFO, caFile)
            ccurl_set_string(easy, CURLOPT_CAPATH, nil)
            ccurl_set_string(easy, CURLOPT_PROXY_CAINFO, caFile)
        }
        if let noProxy { ccurl_set_string(easy, CURLOPT_NOPROXY, noProxy) }
    }

    private static let constants: [(CURLoption, Int)] = [
        (CURLOPT_NOSIGNAL, 1),
        (CURLOPT_BUFFERSIZE, receiveBytes),
        (CURLOPT_TCP_KEEPALIVE, 1),
        // A cancelled transfer does not wait for the resolver's thread.
        (CURLOPT_QUICK_EXIT, 1),
        (CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS),
        (CURLOPT_HTTP09_ALLOWED, 0),
        (CURLOPT_FOLLOWLOCATION, 0),
        (CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
        (CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE)),
    ]

    /// What this request needs at this hop. Throws `.badURL` for a header that cannot be sent.
    func apply(_ transfer: CurlTransfer) throws(TransportError) {
        let easy = transfer.easy
        let route = transfer.route
        let request = transfer.request
        ccurl_set_string(easy, CURLOPT_URL, route.url)
        set(easy, CURLOPT_PROXY, request.avoidsProxy ? "" : options.proxy)
        transfer.upload = nil
        if let file = request.file { try setUpload(transfer, file) } else { setMethod(easy, request) }
        set(easy, CURLOPT_RANGE, request.range.map { "\($0.first)-\($0.last.map(String.init) ?? "")" })
        // A kept connection that died would want the file from its beginning.
        ccurl_set_long(easy, CURLOPT_FRESH_CONNECT, transfer.isFresh || request.file != nil ? 1 : 0)
        let login = route.isHome ? route.login : nil
        set(easy, CURLOPT_USERNAME, login?.user)
        set(easy, CURLOPT_PASSWORD, login?.password)
        let verifies = !insecureHosts.contains(route.host)
        ccurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, verifies ? 1 : 0)
        ccurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, verifies ? 2 : 0)
        if options.certificateFile != nil {
            set(easy, CURLOPT_SSLCERT, route.isHome ? options.certificateFile : nil)
            set(easy, CURLOPT_SSLKEY, route.isHome ? options.keyFile ?? options.certificateFile : nil)
        }
        let list = try headerList(for: request, isHome: route.isHome)
        ccurl_set_list(easy, CURLOPT_HTTPHEADER, list)
        curl_slist_free_all(transfer.headerList)
        transfer.headerList = list
    }

    /// Seconds that a server has to say what it makes of `Expect: 100-continue`; one that does not know it is sent the file.
    private static let expectSeconds = 5

    /// With `Expect: 100-continue`, a server that redirects or refuses is not sent the file.
    private func setUpload(_ transfer: CurlTransfer, _ file: FileBody) throws(TransportError) {
        guard let upload = Upload(file) else {
            throw TransportError(
                .badURL, url: transfer.route.shownURL, message: "the file to be sent cannot be opened: \(file.path)")
        }
        transfer.upload = upload
        let easy = transfer.easy
        ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, nil)
        ccurl_set_long(easy, CURLOPT_NOBODY, 0)
        ccurl_set_long(easy, CURLOPT_UPLOAD, 1)
        ccurl_set_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(file.byteCount))
        ccurl_set_long(easy, CURLOPT_EXPECT_100_TIMEOUT_MS, Self.expectSeconds * 1000)
    }

    /// The body is copied: libcurl may send it after this call has returned.
    private func setMethod(_ easy: OpaquePointer, _ request: HTTPRequest) {
        switch request.method {
        case .get where request.body != nil: setBody(easy, request)
        case .get, .head:
            ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, nil)
            ccurl_set_long(easy, CURLOPT_UPLOAD, 0)
            ccurl_set_long(easy, request.method == .head ? CURLOPT_NOBODY : CURLOPT_HTTPGET, 1)
        case .post, .put, .patch, .delete: setBody(easy, request)
        }
    }

    private func setBody(_ easy: OpaquePointer, _ request: HTTPRequest) {
        ccurl_set_long(easy, CURLOPT_NOBODY, 0)
        ccurl_set_long(easy, CURLOPT_UPLOAD, 0)
        ccurl_set_long(easy, CURLOPT_POST, 1)
        let body = request.body ?? []
        _ = body.withUnsafeBytes { ccurl_set_body(easy, $0.baseAddress, $0.count) }
        ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    }

    private func set(_ easy: OpaquePointer, _ option: CURLoption, _ value: String?) {
        if let value { ccurl_set_string(easy, option, value) } else { ccurl_set_string(easy, option, nil) }
    }

    private func headerList(
        for request: HTTPRequest, isHome: Bool
    ) throws(TransportError) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        let general = isHome && !request.bringsCredentials ? options.headers : []
        for header in general + request.headers where isHome || !header.isSecret {
            guard HeaderField.isName(header.name), HeaderField.isValue(header.value) else {
                curl_slist_free_all(list)
                throw TransportError(
                    .badURL, url: URLText.redacted(request.url), message: "a header to be sent holds a control byte")
            }
            // libcurl writes "Name;" as a field without a value, and takes "Name:" for "do not send".
            let line = header.value.isEmpty ? header.name + ";" : "\(header.name): \(header.value)"
            list = curl_slist_append(list, line) ?? list
        }
        return list
    }
}
