import ObjectModel

extension SourceSpec {
    /// What the spec means. Errors name the word and the remedy; nothing is read or asked.
    public func understand() throws(SourceError) -> Source {
        let place = try destination()
        let filter: NameFilter
        do throws(Glob.PatternError) {
            filter = try NameFilter(include: include, exclude: exclude)
        } catch {
            throw fault(error.description)
        }
        if from == nil, let word, Self.isBucket(word) { return try bucket(word, place, filter) }
        if let template, template != .bash {
            throw fault(
                "--template \(template.rawValue) is for object names in buckets; a URL has brace ranges {000..999}")
        }
        if count != nil { throw fault("--count is for --template fmt") }
        return Source(
            spec: self, kind: try kind(place), bucket: place?.bucket, subdirectory: place?.subdirectory ?? "",
            filter: filter)
    }

    /// Without `--to`, objects of a bucket go to the bucket of that name.
    private func bucket(
        _ word: String, _ place: (bucket: Bucket, subdirectory: String)?, _ filter: NameFilter
    ) throws(SourceError) -> Source {
        let source = try bucketSource(word, isRenamed: place != nil)
        return Source(
            spec: self, kind: .bucket(source), bucket: place?.bucket ?? source.address.bucket,
            subdirectory: place?.subdirectory ?? "", filter: filter)
    }

    private func fault(_ reason: String, kind: SourceError.Kind = .usage) -> SourceError {
        SourceError(kind, word: shown, reason: reason)
    }

    /// `--to`: nil when it is not given.
    private func destination() throws(SourceError) -> (bucket: Bucket, subdirectory: String)? {
        guard let to else { return nil }
        func refused(_ reason: String) -> SourceError { fault("--to \(to): \(reason)") }
        do throws(NameError) {
            let uri = try ObjectURI(parsing: to)
            guard let bucket = uri.bucket else { throw NameError(to, "names no bucket") }
            guard bucket.provider == .ais, !bucket.namespace.isRemote else {
                throw NameError(
                    to,
                    "a source goes into an ais:// bucket of this store (without --to: a URL into ht:// buckets, a bucket"
                        + " into the one of its name)")
            }
            let subdirectory = uri.object.utf8.last == ASCII.slash ? String(uri.object.dropLast()) : uri.object
            if !uri.object.isEmpty { try ObjectName.validate(subdirectory) }
            return (bucket, subdirectory)
        } catch {
            throw refused(error.reason)
        }
    }

    private func kind(_ place: (bucket: Bucket, subdirectory: String)?) throws(SourceError) -> Source.Kind {
        if let from { return .list(file: from, base: try listBase(from)) }
        guard let word, !word.isEmpty else { throw fault("a source is a URL, or --from FILE") }
        try checkScheme(word)
        do throws(TemplateError) {
            let url = try URLTemplate(word)
            if url.isDirectory, url.template.isLiteral {
                return .index(url: url.template.name(at: 0))
            }
            let range = try RangeSource(url, bucket: place?.bucket, subdirectory: place?.subdirectory ?? "")
            return url.template.isLiteral ? .single(range) : .range(range)
        } catch {
            throw fault(error.reason)
        }
    }

    /// The directory beside which a list's names stand: as given, else that of a list at a URL.
    private func listBase(_ from: String) throws(SourceError) -> String? {
        guard !from.isEmpty else { throw fault("--from needs a file, or - for standard input") }
        guard let word else {
            guard let parts = try? URLText(Array(from.utf8)) else { return nil }
            let bytes = Array(from.utf8)
            let slash = bytes[parts.path].lastIndex(of: ASCII.slash)
            return String(decoding: bytes[...(slash ?? parts.path.lowerBound - 1)], as: UTF8.self)
                + (slash == nil ? "/" : "")
        }
        try checkScheme(word)
        let url: URLTemplate
        do throws(TemplateError) {
            url = try URLTemplate(word)
        } catch {
            throw fault(error.reason)
        }
        guard url.template.isLiteral else { throw fault("the URL beside --from is a directory, it takes no range") }
        guard url.isDirectory, !word.utf8.contains(ASCII.question) else {
            throw fault("the URL beside --from is that of the names' directory and ends in a slash, without a query")
        }
        return url.template.name(at: 0)
    }

    /// Says for other schemes what is wrong and what helps.
    private func checkScheme(_ word: String) throws(SourceError) {
        guard let scheme = URLText.scheme(Array(word.utf8)) else {
            throw fault("is not a URL; did you mean https://\(shown), or --from \(shown) for a list of URLs?")
        }
        if scheme == "http" || scheme == "https" { return }
        if scheme == "ht" {
            throw fault("an ht:// bucket is named by its URL: give the http:// or https:// URL itself")
        }
        guard let provider = Provider(scheme: scheme) else {
            throw fault(
                "\(scheme):// is not a source; known are http://, https://, s3://, gs://, az://, oc:// and ais://")
        }
        throw fault("--from takes a list of URLs; \(provider.scheme):// buckets are sources of their own")
    }
}
