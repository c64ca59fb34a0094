import Glibc
import ObjectModel

/// AIStore's own list of remote clusters: `backend.ais` of a cluster's configuration, alias to URL or list of URLs.
///
///     {"backend": {"ais": {"remais": ["http://10.0.0.1:51080", "http://10.0.0.2:51080"], "other": "http://…"}}}
///
/// The file is JSON (`ais.json`) or framed as a node keeps it (`.ais.conf`). In both, a URL may be several, with commas.
public enum AISConfiguration {
    /// Reads a file. Throws `.unreadable`, `.unknownFormat`.
    public static func attachments(file path: String) throws(StoreError) -> Attachments {
        guard let status = try FileStatus.at(path), !status.isDirectory else {
            throw StoreError(.unreadable, path: path, message: "is not there, or is no file")
        }
        return try attachments(Descriptor(path, O_RDONLY).readAll(limit: 4 << 20), path: path)
    }

    /// Reads a file's content; `path` is for the error alone.
    static func attachments(_ bytes: [UInt8], path: String) throws(StoreError) -> Attachments {
        let root: JSONValue
        if bytes.starts(with: Array("aistore".utf8)) {
            root = try JSP.decode(bytes, kind: .conf, path: path)
        } else {
            do {
                root = try JSONValue.parse(bytes, maxBytes: 4 << 20)
            } catch {
                throw StoreError(.unreadable, path: path, message: "is \(error)")
            }
        }
        guard let configured = root["backend"]?["ais"], !configured.isNull else { return Attachments() }
        guard let entries = configured.object else { throw malformed(path) }
        var found: [Attachment] = []
        for (alias, value) in entries {
            let listed = value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
            let urls = listed.flatMap { $0.split(separator: ",").map(String.init) }
            guard Attachment.isName(alias), !urls.isEmpty else { throw malformed(path) }
            found.append(Attachment(alias: alias, urls: urls))
        }
        return Attachments(found)
    }

    private static func malformed(_ path: String) -> StoreError {
        StoreError(.unreadable, path: path, message: "its backend.ais does not give URLs by alias")
    }
}
