import ObjectModel

/// What a bucket's properties must be together, as a node would demand it when it reads the BMD.
struct PropRules {
    let bucket: Bucket
    let changes: [PropChange]
    /// Nil when the bucket is being made.
    let before: JSONValue?
    let after: JSONValue
    let mountpathCount: Int

    private func bad(_ what: String) -> StoreError { StoreError(.usage, path: bucket.cname, message: what) }

    func check() throws(StoreError) {
        for change in changes {
            guard let providers = try BucketProp.named(change.name).providers else { continue }
            guard providers.contains(bucket.provider) else {
                let schemes = providers.map { "\($0.scheme)://" }.sorted().joined(separator: ", ")
                throw bad("\(change.name) is for buckets of \(schemes) only")
            }
        }
        try checkBackend()
        try checkMirror()
        try checkErasureCoding()
        try checkVersioning()
        try checkOriginalURL()
    }

    private func has(_ name: String) -> Bool { changes.contains { $0.name == name } }

    private func checkBackend() throws(StoreError) {
        guard has("backend_bck"), after["backend_bck"]?["name"]?.string?.isEmpty == false else { return }
        guard bucket.isAIS else { throw bad("only ais:// buckets of this cluster can have a backend bucket") }
    }

    private func checkMirror() throws(StoreError) {
        let enabled = after["mirror"]?["enabled"]?.bool == true
        guard enabled || has("mirror.copies") else { return }
        let copies = after["mirror"]?["copies"]?.integer ?? 0
        guard copies <= mountpathCount else {
            let remedy = mountpathCount < 2 ? "mirroring needs two or more" : "give 2 to \(mountpathCount)"
            throw bad("mirror.copies is \(copies), but the store has \(mountpathCount) mountpaths; \(remedy)")
        }
        guard enabled else { return }
        guard copies >= 2 else {
            throw bad("mirror.copies is \(copies); set it to 2 or more together with mirror.enabled")
        }
        let chunk = after["chunks"]?["objsize_limit"]?.string.flatMap(ByteSize.parse) ?? 0
        guard chunk <= 0 else {
            throw bad("a bucket whose objects are chunked (chunks.objsize_limit) cannot be mirrored")
        }
    }

    /// A node never changes the slices of a bucket that is erasure-coded.
    private func checkErasureCoding() throws(StoreError) {
        guard let old = before?["ec"], let new = after["ec"], old["enabled"]?.bool == true, new["enabled"]?.bool == true
        else { return }
        for name in ["data_slices", "parity_slices", "objsize_limit"] where old[name] != new[name] {
            throw bad("ec.\(name) cannot change while erasure coding is enabled; set ec.enabled=false first")
        }
    }

    /// Whether a cloud's bucket has versions is the cloud's to say.
    private func checkVersioning() throws(StoreError) {
        guard let before, [.aws, .gcp, .azure, .oci].contains(bucket.provider),
            before["versioning"]?["enabled"] != after["versioning"]?["enabled"]
        else { return }
        throw bad("versioning.enabled of a cloud bucket is what the cloud says; change it there")
    }

    /// The bucket's name is made of it; only the scheme is free.
    private func checkOriginalURL() throws(StoreError) {
        guard bucket.provider == .ht, before == nil || has("extra.http.original_url") else { return }
        guard let url = after["extra"]?["http"]?["original_url"]?.string else {
            throw bad("an ht:// bucket needs extra.http.original_url")
        }
        let directory = url.hasSuffix("/") ? url : url + "/"
        guard let located = try? HTBucket.locate(url: directory), located.bucket == bucket else {
            throw bad("\(url) is not the directory that this bucket's name stands for")
        }
    }
}
