/// Where a storage service is that speaks Google's JSON API.
struct GCSEndpoint: Sendable, Hashable {
    static let google = "https://storage.googleapis.com"

    /// Scheme, host, port and path, without a slash at its end.
    let base: String
    /// From `STORAGE_EMULATOR_HOST`: gets no credentials but those that were named for it.
    let isEmulator: Bool

    /// `--endpoint`, else `STORAGE_EMULATOR_HOST` (with or without scheme), else Google's own in the credentials'
    /// universe. Either may end in `/storage/v1`. Throws `.usage` for what is no URL.
    init(_ given: String?, _ environment: CloudEnvironment, universe: String?) throws(BackendError) {
        let emulator = given == nil ? environment.variable("STORAGE_EMULATOR_HOST") : nil
        isEmulator = emulator != nil
        guard let text = given ?? emulator else {
            base = universe.map { "https://storage.\($0)" } ?? Self.google
            return
        }
        var url = text.contains("://") ? text : "\(isEmulator ? "http" : "https")://\(text)"
        while url.utf8.last == UInt8(ascii: "/") { url.removeLast() }
        if url.hasSuffix("/storage/v1") { url.removeLast("/storage/v1".count) }
        guard let parts = try? URLParts(url), parts.query == nil, parts.user == nil, !url.contains("#") else {
            let name = isEmulator ? "STORAGE_EMULATOR_HOST" : "--endpoint"
            throw BackendError(.usage, URLText.redacted(text), "\(name) must be like https://HOST:PORT")
        }
        base = url
    }
}
