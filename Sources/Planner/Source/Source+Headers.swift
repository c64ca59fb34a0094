import Backends

extension Source {
    /// Reads the headers that the spec names. They go to the origins of its URL and of its list; where it is a list of
    /// URLs in a file, to each URL's own.
    public mutating func readHeaders() throws(CredentialError) {
        guard !spec.headers.isEmpty || !spec.headerFiles.isEmpty else { return }
        let urls = [spec.word, spec.from].compactMap { $0 }.filter { $0.contains("://") }
        headers = try OriginHeaders(
            lines: spec.headers, files: spec.headerFiles, for: urls.isEmpty ? nil : urls)
    }
}
