import NodeStore

/// Attached clusters as the `ais` command shows them.
enum RemoteTable {
    struct Row: Encodable {
        var alias: String
        var urls: [String]
        var uuid: String?
        var primary: String?
        var smapVersion: UInt64?
        var targets: Int?
        var online: Bool

        enum CodingKeys: String, CodingKey {
            case alias, urls, uuid, primary, targets, online
            case smapVersion = "smap_version"
        }

        init(_ attachment: Attachment) {
            alias = attachment.alias
            urls = attachment.urls
            uuid = attachment.uuid
            primary = attachment.lastSeen?.primary
            smapVersion = attachment.lastSeen?.smapVersion
            targets = attachment.lastSeen?.targets
            online = attachment.isOnline
        }
    }

    static func text(_ attachments: Attachments) -> String {
        let rows = [["UUID", "URL", "Alias", "Primary", "Smap", "Targets", "Online"]] + attachments.all.map(cells)
        return TextTable.lines(rows).joined(separator: "\n")
    }

    /// A cluster never seen has its alias and URLs in angle brackets, and nothing else.
    private static func cells(_ attachment: Attachment) -> [String] {
        let urls = attachment.urls.joined(separator: ",")
        guard let seen = attachment.lastSeen else {
            return ["<\(attachment.alias)>", "<\(urls)>", "n/a", "n/a", "n/a", "n/a", "no"].map(Console.harmless)
        }
        return [
            seen.uuid, urls, attachment.alias, seen.primary, "v\(seen.smapVersion)", String(seen.targets),
            attachment.isOnline ? "yes" : "no",
        ].map(Console.harmless)
    }
}
