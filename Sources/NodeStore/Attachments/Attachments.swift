import ObjectModel

/// The remote AIS clusters that a store knows. Alias and UUID are interchangeable; an alias is looked for first.
public struct Attachments: Sendable, Hashable {
    /// Sorted by alias.
    public private(set) var all: [Attachment]

    public init(_ all: [Attachment] = []) {
        self.all = all.sorted { $0.alias.utf8.lexicographicallyPrecedes($1.alias.utf8) }
    }

    /// From the store's description. Throws `.unreadable`.
    init(json: JSONValue, path: String) throws(StoreError) {
        var found: [Attachment] = []
        for (alias, value) in json.object ?? [:] {
            guard let attachment = Attachment(alias: alias, json: value) else {
                throw StoreError(
                    .unreadable, path: path,
                    message: "its attachment \(NameError.printable(alias)) is malformed: remove it, and attach again")
            }
            found.append(attachment)
        }
        self.init(found)
    }

    var json: JSONValue { .object(Dictionary(all.map { ($0.alias, $0.json) }) { first, _ in first }) }

    /// By alias or UUID.
    public func find(_ name: String) -> Attachment? {
        all.first { $0.alias == name } ?? all.first { $0.uuid == name }
    }

    /// The cluster of a bucket's namespace, whose UUID part may be an alias; nil when it is not attached.
    public func find(_ namespace: Namespace) -> Attachment? {
        namespace.isRemote ? find(namespace.uuid) : nil
    }

    /// The namespace as it stands on disk and in the BMD: with the UUID, also where an alias was given. Nil when no such
    /// cluster is attached, or when it was never seen, so that its UUID is unknown.
    public func resolved(_ namespace: Namespace) -> Namespace? {
        guard namespace.isRemote else { return namespace }
        return find(namespace.uuid)?.uuid.map { Namespace(uuid: $0, name: namespace.name) }
    }

    /// Adds a cluster, or gives an attached one other URLs; what was known of it stays. Throws `.usage`.
    public mutating func attach(_ alias: String, urls: [String]) throws(StoreError) {
        guard Attachment.isName(alias) else {
            throw StoreError(
                .usage, path: "",
                message: "\(NameError.printable(alias)) is no alias: use letters, digits, - and _, 64 at most")
        }
        if let other = all.first(where: { $0.uuid == alias && $0.alias != alias }) {
            throw StoreError(
                .usage, path: "", message: "\(alias) is the UUID of the cluster attached as \(other.alias)")
        }
        var attachment = all.first { $0.alias == alias } ?? Attachment(alias: alias, urls: urls)
        attachment.urls = urls
        replace(attachment)
    }

    /// What an attached cluster said of itself. Of two aliases of one cluster the one seen now stays, as in AIS.
    public mutating func saw(_ alias: String, _ sighting: Attachment.Sighting) {
        guard var attachment = all.first(where: { $0.alias == alias }) else { return }
        attachment.lastSeen = sighting
        attachment.isOnline = true
        all.removeAll { $0.uuid == sighting.uuid && $0.alias != alias }
        replace(attachment)
    }

    /// That an attached cluster did not answer; what was last known stays.
    public mutating func missed(_ alias: String) {
        guard var attachment = all.first(where: { $0.alias == alias }) else { return }
        attachment.isOnline = false
        replace(attachment)
    }

    /// By alias or UUID. Throws `.usage` when there is no such attachment.
    public mutating func detach(_ name: String) throws(StoreError) -> Attachment {
        guard let found = find(name) else {
            let known = all.map(\.alias).joined(separator: ", ")
            throw StoreError(
                .usage, path: "",
                message: "no cluster is attached as \(NameError.printable(name)); attached are: "
                    + (known.isEmpty ? "none" : known))
        }
        all.removeAll { $0.alias == found.alias }
        return found
    }

    /// Those of AIS's own configuration, behind the store's own of the same alias or UUID.
    public func adding(_ others: Attachments) -> Attachments {
        Attachments(all + others.all.filter { find($0.alias) == nil })
    }

    private mutating func replace(_ attachment: Attachment) {
        self = Attachments(all.filter { $0.alias != attachment.alias } + [attachment])
    }
}
