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

    /// Throws `.credentialFile` when the `.netrc` that has the login cannot be used.
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
                netrc = NetRC(parsing: try text(of: netrcPath))
            }
            guard let entry = netrc?.entry(host: url.host, login: url.user) else { return nil }
            if entry.password != nil { _ = try SecretFile.read(netrcPath, what: ".netrc file") }
            return entry
        } catch {
            throw TransportError(.credentialFile, url: url.redacted, message: error.description)
        }
    }

    /// A file that nobody named has no logins for us where it cannot be read.
    private func text(of path: String) throws(CredentialError) -> String {
        do throws(CredentialError) {
            return try SecretFile.text(path, what: ".netrc file")
        } catch {
            if isNamed { throw error }
            return ""
        }
    }
}

extension NetworkOptions {
    /// Finds out, before anybody is asked, whether the logins that `.netrc` has for these URLs can be used. What is no URL
    /// is passed over.
    public func checkLogins(for urls: some Sequence<String>) throws(CredentialError) {
        var credentials = Credentials(self)
        for url in urls {
            guard let parts = try? URLParts(url) else { continue }
            do throws(TransportError) {
                _ = try credentials.login(for: parts, lookUp: true)
            } catch {
                throw CredentialError("\(error)")
            }
        }
    }
}
