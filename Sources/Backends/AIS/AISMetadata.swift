import ObjectModel

/// What a remote AIS cluster tells about an object beside its bytes.
enum AISMetadata {
    /// Keys that are about the place where the object lies there, not about the object.
    private static let local: Set<String> = ["source", "orig_fntl", "aismove_src", "verified_by"]

    /// `Ais-Custom-Md: key=value`, one field a key, sorted by key (AIS sends them in no order).
    static func custom(in head: HTTPResponseHead) -> [SourceMetadata.Key] {
        head.headers.all("Ais-Custom-Md").compactMap { field in
            guard let equals = field.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let name = FieldText.trimmed(field[..<equals])
            let value = String(field[field.utf8.index(after: equals)...])
            return name.isEmpty || value.isEmpty ? nil : SourceMetadata.Key(name, value)
        }
        .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// `source` `ais`, the version and the custom keys as the remote says.
    static func source(_ head: HTTPResponseHead, listed: ListedObject?) -> SourceMetadata {
        let version = head.headers["Ais-Version"].map { FieldText.trimmed($0) } ?? listed?.version
        return SourceMetadata(
            version: version.flatMap { $0.isEmpty ? nil : $0 },
            custom: [SourceMetadata.Key("source", "ais")] + custom(in: head).filter { !local.contains($0.name) })
    }
}
