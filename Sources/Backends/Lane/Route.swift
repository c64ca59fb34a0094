/// Where a request is going at this hop, and with which rights.
struct Route {
    /// What libcurl is told: no userinfo, no fragment.
    var url = ""
    /// `scheme://host[:port]` of this hop.
    var origin = ""
    /// Lower case.
    var host = ""
    /// The source's own origin: the only one that gets credentials, custom headers and the client certificate.
    var homeOrigin = ""
    var login: Login?
    var policy = RedirectPolicy()

    var isHome: Bool { origin == homeOrigin }
    var redirects: Int { max(0, policy.visited.count - 1) }
    var shownURL: String { URLText.redacted(url) }

    /// The same transfer, one redirect further.
    mutating func follow(_ location: String, hasSecrets: Bool) throws(TransportError) {
        let next = try policy.follow(
            location: location, from: try URLParts(url), hasSecrets: hasSecrets || login != nil)
        url = next.text
        origin = next.origin
        host = next.host
    }
}

/// Turns source URLs into routes. Names of one range share everything up to the path, which is parsed once.
struct RouteFinder {
    private var credentials: Credentials
    /// The last URL's text up to and including the first `/` of its path, and what that meant.
    private var prefix: [UInt8] = []
    /// Whether that text is what is sent: no userinfo, no port that goes without saying, no upper case.
    private var prefixIsPlain = false
    private var known = Route()
    private var knownWithLogin = true

    init(_ options: NetworkOptions) { credentials = Credentials(options) }

    /// - Parameter withLogin: whether the user's `.netrc` may have one; else only the URL itself.
    mutating func route(to url: String, withLogin: Bool = true) throws(TransportError) -> Route {
        if !prefix.isEmpty, knownWithLogin == withLogin, let path = plainPath(of: url) {
            var route = known
            route.url = prefixIsPlain ? url : known.origin + "/" + path
            return route
        }
        let parts = try URLParts(url)
        var route = Route()
        route.url = parts.text
        route.origin = parts.origin
        route.homeOrigin = parts.origin
        route.host = parts.host
        route.login = try credentials.login(for: parts, lookUp: withLogin)
        remember(url, route)
        knownWithLogin = withLogin
        return route
    }

    private mutating func remember(_ url: String, _ route: Route) {
        var slashes = 0
        let bytes = Array(url.utf8)
        let end = bytes.firstIndex { byte in
            slashes += byte == UInt8(ascii: "/") ? 1 : 0
            return slashes == 3
        }
        prefix = end.map { Array(bytes[...$0]) } ?? []
        prefixIsPlain = "\(route.origin)/".utf8.elementsEqual(prefix)
        known = route
    }

    /// What follows the known prefix, when it needs no parsing: no byte to encode, no fragment, no dot segment.
    private func plainPath(of url: String) -> Substring? {
        let bytes = url.utf8.span
        guard bytes.count >= prefix.count else { return nil }
        for index in prefix.indices where bytes[index] != prefix[index] { return nil }
        var previous = UInt8(ascii: "/")
        for index in prefix.count..<bytes.count {
            let byte = bytes[index]
            let isDotSegment = byte == UInt8(ascii: ".") && previous == UInt8(ascii: "/")
            guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "#"), byte != UInt8(ascii: "\\"), !isDotSegment else {
                return nil
            }
            previous = byte
        }
        return Substring(url.utf8.dropFirst(prefix.count))
    }
}
