/// Where a redirect may lead. A pure function: the lane carries out what it says.
struct RedirectPolicy {
    static let hopsMax = 10

    /// Every URL asked so far, in order, whole.
    private(set) var visited: [String] = []

    static func isRedirect(_ status: Int) -> Bool {
        switch status {
        case 301, 302, 303, 307, 308: true
        default: false
        }
    }

    /// The URL to ask next. `hasSecrets`: whether the source's own origin was sent credentials or custom headers.
    mutating func follow(location: String, from url: URLParts, hasSecrets: Bool) throws(TransportError) -> URLParts {
        if visited.isEmpty { visited.append(url.text) }
        let next: URLParts
        do {
            next = try url.resolve(relative: location)
        } catch {
            throw TransportError(
                .badRedirect, url: url.redacted, message: "redirected to \(error.url): \(error.message)")
        }
        guard !visited.contains(next.text) else {
            throw TransportError(
                .redirectLoop(next.redacted), url: url.redacted,
                message:
                    "the redirects run in a circle: \(next.redacted) came up twice; check the URL, or what the server redirects"
            )
        }
        guard visited.count <= Self.hopsMax else {
            throw TransportError(
                .tooManyRedirects, url: url.redacted,
                message: "more than \(Self.hopsMax) redirects, the last to \(next.redacted); check the URL")
        }
        guard !(url.scheme == "https" && next.scheme == "http" && hasSecrets) else {
            throw TransportError(
                .badRedirect, url: url.redacted,
                message: "a source that needs credentials redirects from https to http (\(next.redacted)): refused")
        }
        visited.append(next.text)
        return next
    }
}
