import ObjectModel

/// Values of properties as people write them, and as AIStore keeps them in the BMD.
enum PropValue {
    /// Nil = the member is left out.
    static func parse(
        _ text: String, as prop: BucketProp, resolve: (String) -> String?
    ) throws(StoreError) -> JSONValue? {
        func bad(_ what: String) -> StoreError {
            StoreError(.usage, path: "", message: "\(prop.name)=\(NameError.printable(text)): \(what)")
        }
        switch prop.kind {
        case .flag:
            guard let flag = flag(text) else { throw bad("must be true or false") }
            return .bool(flag)
        case .number(let range):
            guard let number = Int64(text), range.contains(number) else {
                throw bad("must be a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return .integer(number)
        case .bytes(let range):
            guard let bytes = Int64(text) ?? ByteSize.parse(text), range.contains(bytes) else {
                throw bad("must be a size, e.g. 262144 or 256KiB; -1 = always whole copies")
            }
            return .integer(bytes)
        case .size(let range):
            guard let bytes = ByteSize.parse(text), bytes == 0 || range.contains(bytes) else {
                let (low, high) = (ByteSize.format(range.lowerBound), ByteSize.format(range.upperBound))
                throw bad("must be a size from \(low) to \(high), or 0 for the default")
            }
            return bytes == 0 ? nil : .string(exact(bytes))
        case .duration:
            guard let seconds = DurationText.parse(text), seconds < 1e9 else {
                throw bad("must be a duration, e.g. 90s or 2h30m")
            }
            return .string(duration(seconds))
        case .choice(let choices):
            guard choices.contains(text) else { throw bad("must be one of \(choices.joined(separator: " "))") }
            return .string(text)
        case .text(let limit): return try plain(text, limit: limit, bad: bad)
        case .url:
            guard let url = try plain(text, limit: 2_000, bad: bad)?.string else { return nil }
            guard let mark = url.firstRange(of: "://"), mark.upperBound < url.endIndex,
                ["http", "https"].contains(url[..<mark.lowerBound]), url[mark.upperBound...].first != "/"
            else { throw bad("must be an http:// or https:// URL") }
            guard !url.contains("@") else { throw bad("must not hold a user or password") }
            return .string(url)
        case .backend: return try backend(text, resolve: resolve, bad: bad)
        }
    }

    /// What AIStore's own command line takes.
    private static func flag(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "yes", "y", "on", "1", "t": true
        case "false", "no", "n", "off", "0", "f": false
        default: nil
        }
    }

    private static func plain(
        _ text: String, limit: Int, bad: (String) -> StoreError
    ) throws(StoreError) -> JSONValue? {
        if text.isEmpty { return nil }
        guard text.utf8.count <= limit else { throw bad("must not have more than \(limit) bytes") }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            throw bad("must not hold spaces or control characters")
        }
        return .string(text)
    }

    private static func backend(
        _ text: String, resolve: (String) -> String?, bad: (String) -> StoreError
    ) throws(StoreError) -> JSONValue {
        if text == "none" || text.isEmpty { return BucketRequest.backendProps(nil) }
        let bucket: Bucket
        do throws(NameError) {
            let uri = try ObjectURI(parsing: text)
            guard let named = uri.bucket, uri.object.isEmpty else {
                throw NameError(text, "must name a bucket and nothing in it")
            }
            bucket = named
        } catch {
            throw bad("\(error.reason); write e.g. s3://data, ais://@ALIAS/data or none")
        }
        guard !bucket.isAIS, bucket.provider != .ht else {
            throw bad("must be a remote bucket: of a cloud, or of an attached cluster")
        }
        guard bucket.namespace.isRemote else { return BucketRequest.backendProps(bucket) }
        let given = bucket.namespace.uuid
        guard let uuid = resolve(given) ?? (BMD.isUUID(given) ? given : nil) else {
            throw bad("no cluster \"\(given)\" is attached: `aismove remote attach \(given)=URL`, then again")
        }
        let namespace = Namespace(uuid: uuid, name: bucket.namespace.name)
        do throws(NameError) {
            return BucketRequest.backendProps(
                try Bucket(provider: bucket.provider, namespace: namespace, name: bucket.name))
        } catch {
            throw bad(error.reason)
        }
    }

    /// Without rounding: `5MiB`, `5242881B`.
    private static func exact(_ bytes: Int64) -> String {
        let text = ByteSize.format(bytes)
        return ByteSize.parse(text) == bytes ? text : "\(bytes)B"
    }

    /// As Go writes durations, less a trailing `0s`: `2h0m`, `10m`, `1m30s`, `250ms`.
    static func duration(_ seconds: Double) -> String {
        let milliseconds = Int64((seconds * 1_000).rounded())
        guard milliseconds >= 1_000 else { return milliseconds == 0 ? "0s" : "\(milliseconds)ms" }
        let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
        let (hours, minutes) = (whole / 3_600, whole / 60 % 60)
        var text = hours > 0 ? "\(hours)h" : ""
        if hours > 0 || minutes > 0 { text += "\(minutes)m" }
        if rest > 0 {
            var fraction = String(rest + 1_000).dropFirst()
            while fraction.last == "0" { fraction = fraction.dropLast() }
            return text + "\(whole % 60).\(fraction)s"
        }
        return whole % 60 > 0 ? text + "\(whole % 60)s" : text
    }
}
