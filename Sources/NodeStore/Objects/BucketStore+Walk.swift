extension BucketStore {
    /// Everything below `%ob` on all mountpaths whose name begins with `prefix`, by name in byte order; of one name the
    /// main one first. `body` returns false to end the walk. What appears or goes meanwhile may be seen or not.
    ///
    /// Memory: the names of one directory a level and mountpath, and the over-long names.
    ///
    /// - Parameter tidying: removes empty directories on the way, which a run that was killed may have left.
    public func walk(prefix: String = "", tidying: Bool = false, _ body: (WalkedObject) throws -> Bool) throws {
        let fqnPrefixes = sides.map { $0.fqn("") }
        var cursors: [TreeCursor] = []
        for side in sides {
            cursors.append(try TreeCursor(side, prefix: prefix, fqnPrefixes: fqnPrefixes, tidying: tidying))
        }
        while let name = Self.lowest(cursors) {
            var found: [(index: Int, item: TreeCursor.Item)] = []
            for index in cursors.indices {
                while let item = cursors[index].head, item.name.utf8.elementsEqual(name.utf8) {
                    found.append((index, item))
                    try cursors[index].advance()
                }
            }
            for object in judge(found, name) where try !body(object) { return }
        }
    }

    private static func lowest(_ cursors: [TreeCursor]) -> String? {
        var lowest: String?
        for cursor in cursors {
            guard let name = cursor.head?.name else { continue }
            if let least = lowest, !name.utf8.lexicographicallyPrecedes(least.utf8) { continue }
            lowest = name
        }
        return lowest
    }

    private func judge(_ found: [(index: Int, item: TreeCursor.Item)], _ name: String) -> [WalkedObject] {
        let placement = place(name)
        func isMain(_ index: Int, _ item: TreeCursor.Item) -> Bool {
            index == placement.mountpathIndex && item.storedName == placement.storedName && item.oddity == nil
        }
        let hasMain = found.contains { isMain($0.index, $0.item) }
        var objects: [WalkedObject] = []
        for (index, item) in found {
            let role: WalkedObject.Role =
                if let oddity = item.oddity {
                    .odd(oddity)
                } else if let refusal = placement.refusal {
                    .odd("AIS cannot hold this name: \(refusal.reason)")
                } else if isMain(index, item) {
                    .main
                } else if hasMain, bucket.mirrorCopies > 1, item.storedName == placement.storedName {
                    .copy
                } else {
                    .misplaced
                }
            let object = WalkedObject(
                name: name, mountpathIndex: index, storedName: item.storedName,
                fqn: sides[index].objects.path(of: item.storedName), role: role)
            if role == .main { objects.insert(object, at: 0) } else { objects.append(object) }
        }
        return objects
    }

    /// Objects at their place, and their bytes.
    public func usage(prefix: String = "") throws(StoreError) -> (objects: Int, bytes: Int64) {
        var usage = (objects: 0, bytes: Int64(0))
        do {
            try walk(prefix: prefix) { object in
                guard object.role == .main else { return true }
                usage.objects += 1
                usage.bytes += try sides[object.mountpathIndex].objects.status(of: object.storedName)?.size ?? 0
                return true
            }
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.io, path: bucket.bucket.cname, message: "\(error)")
        }
        return usage
    }
}
