import ObjectModel

extension BucketStore {
    /// What keeps a name from being an object although its own place is free: a directory of that name, or an object
    /// that the name needs as a directory, on another mountpath (`a` and `a/b` cannot both be objects). Nil when nothing
    /// does. What stands at the place itself is `state`'s business.
    ///
    /// - Parameter clear: the directory last found free of objects; names of one directory share the look at it.
    public func obstacle(to object: String, at placement: Placement, clear: inout String) -> String? {
        guard sides.count > 1 else { return nil }
        for (index, side) in sides.enumerated() where index != placement.mountpathIndex {
            if let found = try? side.objects.status(of: placement.storedName), found.isDirectory {
                return "a directory of that name stands at \(side.objects.path(of: placement.storedName))"
            }
        }
        let directory = Placement.split(object).directory
        guard !directory.utf8.elementsEqual(clear.utf8) else { return nil }
        for slash in object.utf8.indices where object.utf8[slash] == UInt8(ascii: "/") {
            let ancestor = String(object[..<slash])
            if state(ancestor, at: place(ancestor)).isPresent {
                return "\"\(ancestor)\" is an object, and cannot be a directory too"
            }
        }
        clear = directory
        return nil
    }
}
