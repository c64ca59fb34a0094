/// Shards that are known one by one, gone through as often as asked and never held all at once: those that an earlier
/// run's report names, an index page's, or what a repair fetches again.
///
/// Of a bucket's objects, `url` is the key and `name` the object's whole name.
public struct KnownShards: Sendable {
    /// Gives the following shard, nil at the end.
    public typealias Reading = () throws(ListError) -> ListedItem?

    private let opening: @Sendable () throws(ListError) -> Reading

    /// - Parameter opening: begins to read them from the start, each time it is called.
    public init(opening: @escaping @Sendable () throws(ListError) -> Reading) {
        self.opening = opening
    }

    public init(_ items: [ListedItem]) {
        self.init { () throws(ListError) -> Reading in
            var rest = items[...]
            return { () throws(ListError) -> ListedItem? in rest.popFirst() }
        }
    }

    public func open() throws(ListError) -> Reading { try opening() }
}
