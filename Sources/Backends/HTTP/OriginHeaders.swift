/// Headers of one source, which go to its own origins only: beside `--header`, which goes to all sources'.
public struct OriginHeaders: Sendable, Hashable {
    public static let none = OriginHeaders(origins: [], fields: [])

    /// Nil = whatever origin the source names, as a list of URLs does.
    private let origins: Set<String>?
    private let fields: [HTTPHeader]

    private init(origins: Set<String>?, fields: [HTTPHeader]) {
        self.origins = origins
        self.fields = fields
    }

    /// - Parameters:
    ///   - lines: headers written `Name: value`.
    ///   - files: files of such, one a line, readable by their owner only.
    ///   - urls: the source's own; nil = whatever it names.
    public init(lines: [String], files: [String], for urls: [String]?) throws(CredentialError) {
        var options = NetworkOptions()
        for line in lines { try options.addHeader(line) }
        for file in files { try options.addHeaders(file: file) }
        self.init(origins: urls.map { Set($0.compactMap(Self.origin)) }, fields: options.headers)
    }

    /// What a request for `url` is sent. The fields are secret: they stay behind where a redirect leaves the origin.
    public func fields(for url: String) -> [HTTPHeader] {
        guard !fields.isEmpty else { return [] }
        guard let origins else { return fields }
        return Self.origin(url).map(origins.contains) == true ? fields : []
    }

    private static func origin(_ url: String) -> String? { (try? URLParts(url))?.origin }
}
