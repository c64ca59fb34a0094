import Backends
import ObjectModel

extension SourceSpec {
    /// Whether a word names a bucket at a provider, by its scheme.
    public static func isBucket(_ word: String) -> Bool { bucketProvider(word) != nil }

    private static func bucketProvider(_ word: String) -> Provider? {
        guard let scheme = URLText.scheme(Array(word.utf8)), let provider = Provider(scheme: scheme), provider != .ht
        else { return nil }
        return provider
    }

    /// How messages name a word: URLs without userinfo, query and fragment; of a bucket's URI all belongs to its name,
    /// but for credentials that somebody put before the bucket.
    static func shown(_ word: String) -> String {
        guard isBucket(word), let mark = word.range(of: "://")?.upperBound else {
            // Also what lacks its scheme may hold a login.
            return Backends.URLText.redacted(word)
        }
        let end = word[mark...].firstIndex(of: "/") ?? word.endIndex
        guard let at = word[mark..<end].lastIndex(of: "@"), at != mark else { return word }
        return String(word[..<mark] + word[word.index(after: at)...])
    }

    /// What a bucket's URI asks for: a listing with a prefix, or names that a template gives.
    /// - Parameter isRenamed: `--to` is given.
    func bucketSource(_ word: String, isRenamed: Bool) throws(SourceError) -> BucketSource {
        let uri: ObjectURI
        do throws(NameError) {
            uri = try ObjectURI(parsing: word)
        } catch {
            throw SourceError(word: shown, reason: error.reason)
        }
        guard let bucket = uri.bucket else {
            throw SourceError(
                word: shown, reason: "names no bucket; 'aismove ls \(shown) --remote' lists what is there")
        }
        if reach.isAnonymous, reach.profile != nil {
            throw SourceError(word: shown, reason: "--no-sign-request and --profile contradict each other")
        }
        return BucketSource(reach.address(of: bucket), names: try names(uri.object), isRenamed: isRenamed)
    }

    private func names(_ text: String) throws(SourceError) -> BucketSource.Names {
        if text.isEmpty {
            if template != nil, template != .bash {
                throw SourceError(word: shown, reason: "--template needs a template of names behind the bucket")
            }
            return .listing(prefix: "")
        }
        do throws(TemplateError) {
            let template = try Template(text, style: self.template ?? .bash, count: count)
            let isTried = self.template != nil && self.template != .bash
            return template.isLiteral && !isTried ? .listing(prefix: text) : .template(template)
        } catch {
            throw SourceError(word: shown, reason: error.reason)
        }
    }
}
