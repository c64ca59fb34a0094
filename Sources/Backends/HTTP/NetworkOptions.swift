/// How to reach servers; the same for every lane of a run.
public struct NetworkOptions: Sendable {
    /// `--proxy`; nil = libcurl's environment variables.
    public var proxy: String?
    /// `--noproxy`: hosts, domains, CIDR blocks; added to `NO_PROXY`.
    public var noProxy: [String] = []
    /// `--cacert`: PEM bundle that replaces the system's.
    public var caFile: String?
    /// `--cert` and `--key`: PEM files of a client certificate.
    public var certificateFile: String?
    public var keyFile: String?
    /// `--insecure-host`: hosts whose certificate is not verified.
    public var insecureHosts: Set<String> = []
    /// Seconds.
    public var connectTimeout: Double = 30
    /// Seconds without a byte after which a transfer counts as stalled.
    public var stallTimeout: Double = 60
    /// Seconds that one transfer may take in all; nil = as long as it moves.
    public var timeout: Double?
    public var userAgent = "aismove"
    /// `.netrc` to look credentials up in; nil = `$NETRC` or `~/.netrc` where it exists.
    public var netrcFile: String?
    /// `--header` and `--header-file`: sent to the source's own origin only, never across a redirect to another.
    public var headers: [HTTPHeader] = []

    /// Whether logins are looked up in `.netrc` at all.
    public var looksUpLogins = true

    public init() {}

    /// For providers of buckets, which have credentials of their own: without headers and logins that are for URLs.
    public var forProviders: NetworkOptions {
        var options = self
        options.headers = []
        options.looksUpLogins = false
        return options
    }
}
