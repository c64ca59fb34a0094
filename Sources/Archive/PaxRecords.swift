/// The records of a pax extended header that change how a tar is walked: POSIX.1-2001 `path` and `size`, and GNU tar's
/// marks of a sparse file. Each record is "LENGTH KEY=VALUE\n", its length in decimal and counting itself.
struct PaxRecords {
    var path: [UInt8]?
    var size: Int64?
    var sparseName: [UInt8]?
    var isSparse = false

    /// What is wrong with a payload.
    struct Malformed: Error {
        let why: String
    }

    /// Adds a header's records; later ones replace earlier ones, an empty value takes an earlier one back.
    mutating func add(_ payload: [UInt8]) throws(Malformed) {
        var rest = payload[...]
        // Some writers pad with NULs.
        while let first = rest.first, first != 0 || rest.count == payload.count {
            let (key, value) = try Self.record(from: &rest)
            switch key {
            case "path": path = value.isEmpty ? nil : Array(value)
            case "size": size = value.isEmpty ? nil : try Self.decimal(value, "size")
            case "GNU.sparse.name": sparseName = value.isEmpty ? nil : Array(value)
            default: isSparse = isSparse || key.hasPrefix("GNU.sparse.")
            }
        }
        if rest.contains(where: { $0 != 0 }) { throw Malformed(why: "bytes behind its records") }
    }

    private static func record(
        from rest: inout ArraySlice<UInt8>
    ) throws(Malformed) -> (key: String, value: ArraySlice<UInt8>) {
        guard let blank = rest.prefix(20).firstIndex(of: UInt8(ascii: " ")) else {
            throw Malformed(why: "a record without a length")
        }
        let length = try decimal(rest[..<blank], "record length")
        guard length <= rest.count, length > blank - rest.startIndex + 1 else {
            throw Malformed(why: "a record longer than its header")
        }
        let end = rest.startIndex + Int(length)
        guard rest[end - 1] == UInt8(ascii: "\n") else { throw Malformed(why: "a record without its line end") }
        let body = rest[(blank + 1)..<(end - 1)]
        guard let equals = body.firstIndex(of: UInt8(ascii: "=")), equals > body.startIndex else {
            throw Malformed(why: "a record without a key")
        }
        rest = rest[end...]
        return (String(decoding: body[..<equals], as: UTF8.self), body[(equals + 1)...])
    }

    private static func decimal(_ text: ArraySlice<UInt8>, _ what: String) throws(Malformed) -> Int64 {
        guard !text.isEmpty, text.count <= 18, text.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { throw Malformed(why: "\(what) is not a number") }
        return text.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }
}
