import Foundation

/// Who we are to one origin.
struct Login: Sendable, Hashable {
    var user: String
    var password: String
}

/// Finds the login for a source URL: its userinfo, else `.netrc`. Never asked for the target of a redirect to another
/// origin.
struct Credentials {
    private let netrcPath: String?
    private let isNamed: Bool
    private let looksUp: Bool
    private var netrc: NetRC?

    init(_ options: NetworkOptions) {
        let environment = ProcessInfo.processInfo.environment
        looksUp = options.looksUpLogins
        isNamed = options.netrcFile != nil
        netrcPath = options.netrcFile ?? environment["NETRC"] ?? environment["HOME"].map { $0 + "/.netrc" }
    }

    /// Throws `.badURL` when the `.netrc` that has the login cannot be used.
    /// - Parameter lookUp: whether `.netrc` may be asked.
    mutating func login(for url: URLParts, lookUp: Bool) throws(TransportError) -> Login? {
        if let user = url.user, let password = url.password { return Login(user: user, password: password) }
        let entry = lookUp && looksUp ? try netrcEntry(for: url) : nil
        guard let user = url.user ?? entry?.login else { return nil }
        return Login(user: user, password: url.password ?? entry?.password ?? "")
    }

    private mutating func netrcEntry(for url: URLParts) throws(TransportError) -> NetRC.Entry? {
        guard let netrcPath else { return nil }
        do {
            if netrc == nil {
                let exists = SecretFile.mode(of: netrcPath) != nil
                netrc = NetRC(parsing: exists || isNamed ? try SecretFile.text(netrcPath, what: ".netrc file") : "")
            }
            guard let entry = netrc?.entry(host: url.host, login: url.user) else { return nil }
            if entry.password != nil { _ = try SecretFile.read(netrcPath, what: ".netrc file") }
            return entry
        } catch {
            throw TransportError(.badURL, url: url.redacted, message: error.description)
        }
    }
}
