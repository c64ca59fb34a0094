import ArgumentParser
import Backends
import ObjectModel

/// How to reach the sources.
struct NetworkFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp("Proxy for every request. Default: http_proxy, https_proxy, all_proxy.", valueName: "url"))
    var proxy: String?

    @Option(help: ArgumentHelp("Hosts, domains or CIDR blocks to reach directly, comma-separated.", valueName: "list"))
    var noproxy: String?

    @Option(
        help: ArgumentHelp("PEM file of certificate authorities to trust instead of the system's.", valueName: "file"))
    var cacert: String?

    @Option(help: ArgumentHelp("PEM file of a client certificate.", valueName: "file"))
    var cert: String?

    @Option(help: ArgumentHelp("PEM file of the client certificate's key.", valueName: "file"))
    var key: String?

    @Option(
        name: .customLong("insecure-host"),
        help: ArgumentHelp("Do not verify the certificate of this one host.", valueName: "host"))
    var insecureHosts: [String] = []

    @Option(
        name: .customLong("header"),
        help: ArgumentHelp(
            "Header for the source's own origin, never sent across a redirect to another. (Secrets: --header-file.)",
            valueName: "K: V"))
    var headers: [String] = []

    @Option(
        name: .customLong("header-file"),
        help: ArgumentHelp(
            "Headers from a file, one a line; the file must not be readable by others.", valueName: "file"))
    var headerFiles: [String] = []

    @Option(
        name: .customLong("netrc-file"),
        help: ArgumentHelp("Credentials by host. Default: $NETRC or ~/.netrc.", valueName: "file"))
    var netrcFile: String?

    @Option(
        help: ArgumentHelp("Give up on a transfer after this long in all, e.g. 2h. Default: never.", valueName: "time"))
    var timeout: String?

    @Option(
        name: .customLong("stall-timeout"),
        help: ArgumentHelp("Give up on a connection after this long without a byte. Default: 60s.", valueName: "time"))
    var stallTimeout: String?

    /// What the flags say, else `base`: the job's, or the defaults.
    func options(over base: NetworkOptions = NetworkOptions()) throws -> NetworkOptions {
        var options = base
        options.userAgent = "aismove/\(Version.release)"
        options.proxy = proxy ?? base.proxy
        options.noProxy = noproxy?.split(separator: ",").map(String.init) ?? base.noProxy
        options.caFile = cacert ?? base.caFile
        options.certificateFile = cert ?? base.certificateFile
        options.keyFile = key ?? base.keyFile
        options.insecureHosts.formUnion(insecureHosts)
        options.netrcFile = netrcFile ?? base.netrcFile
        if let timeout { options.timeout = try FlagText.duration(timeout, flag: "--timeout") }
        if let stallTimeout { options.stallTimeout = try FlagText.duration(stallTimeout, flag: "--stall-timeout") }
        do {
            try options.check()
            for header in headers { try options.addHeader(header) }
            for file in headerFiles { try options.addHeaders(file: file) }
        } catch {
            throw CommandFailure(.usage, "\(error)")
        }
        for host in options.insecureHosts.sorted() {
            Console.note("warning: the certificate of \(host) is not verified (insecure-host)")
        }
        return options
    }
}
