/// One URL of each host that a plan names. Most lists name one, so that a URL costs a look at its beginning.
struct HostSamples {
    /// In the order of their hosts' first.
    private(set) var urls: [String] = []
    /// Scheme and authority, as written.
    private var known: Set<Substring> = []
    private var last = "\n"

    mutating func add(_ url: String) {
        guard !url.hasPrefix(last) else { return }
        var slashes = 0
        let path = url.utf8.firstIndex { byte in
            slashes += byte == 0x2F ? 1 : 0
            return slashes == 3
        }
        // With the slash: `http://host` is the beginning of other hosts, too.
        guard let path else { return urls.append(url) }
        let beginning = url[...path]
        last = String(beginning)
        if known.insert(Substring(last)).inserted { urls.append(url) }
    }
}
