/// The order in which providers list: by the names' UTF-8 bytes. (`String`'s own operators compare what the text means.)
public enum NameOrder {
    /// Whether `a` stands before `b`.
    public static func precedes(_ a: String, _ b: String) -> Bool {
        let (left, right) = (a.utf8.span, b.utf8.span)
        let shared = min(left.count, right.count)
        for index in 0..<shared where left[index] != right[index] { return left[index] < right[index] }
        return left.count < right.count
    }

    /// Whether both are the same bytes.
    public static func same(_ a: String, _ b: String) -> Bool {
        let (left, right) = (a.utf8.span, b.utf8.span)
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }

    /// Whether `name` begins with the bytes of `prefix`.
    public static func begins(_ name: String, with prefix: String) -> Bool {
        let (bytes, start) = (name.utf8.span, prefix.utf8.span)
        guard bytes.count >= start.count else { return false }
        for index in start.indices where bytes[index] != start[index] { return false }
        return true
    }
}
