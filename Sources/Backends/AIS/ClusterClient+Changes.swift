import Hashing
import ObjectModel

extension ClusterClient {
    /// Creates an `ais://` bucket of the cluster.
    /// - Parameter props: what differs from the cluster's defaults; nil = nothing.
    /// - Returns: false when the bucket was there already.
    public func create(_ bucket: Bucket, props: JSONValue? = nil) throws(BackendError) -> Bool {
        guard bucket.isAIS else {
            throw BackendError(.usage, bucket.cname, "is no ais:// bucket of the cluster: ask for it with HEAD instead")
        }
        let (head, body) = try send(
            HTTPRequest(
                .post, url: ClusterPaths.bucket(bucket), headers: Self.json, body: Self.action("create-bck", props)),
            subject: bucket.cname)
        if head.status == 409 { return false }
        try expect(200, head, body, bucket.cname)
        return true
    }

    /// Changes props of a bucket; the cluster carries out what follows from it (copies, EC).
    public func set(_ bucket: Bucket, props: JSONValue) throws(BackendError) {
        let (head, body) = try send(
            HTTPRequest(
                .patch, url: ClusterPaths.bucket(bucket), headers: Self.json, body: Self.action("set-bprops", props)),
            subject: bucket.cname)
        try expect(200, head, body, bucket.cname)
    }

    /// Adds custom keys to an object's metadata. Local to the cluster, also in buckets with a remote backend.
    public func setCustom(_ keys: [SourceMetadata.Key], of object: String, in bucket: Bucket) throws(BackendError) {
        var value: JSONValue = [:]
        for key in keys { value[key.name] = .string(key.value) }
        try change(.patch, object, in: bucket, Self.action("", value))
    }

    /// Drops the cluster's copy of an object in a bucket with a remote backend; the source keeps its own. Done when
    /// this returns. An object that is not there is no error.
    public func evict(_ object: String, in bucket: Bucket, _ props: BucketHead) throws(BackendError) {
        guard props.hasRemoteBackend(bucket) else {
            throw BackendError(.usage, bucket.cname, "has no remote backend: its objects are deleted, not evicted")
        }
        try change(.delete, object, in: bucket, Self.action("evict-listrange"), missingIsFine: true)
    }

    /// Drops a bucket with a remote backend from the cluster, with all its copies; the source stays as it is.
    public func evict(_ bucket: Bucket) throws(BackendError) {
        guard !bucket.isAIS else {
            throw BackendError(.usage, bucket.cname, "is the cluster's own bucket: it is destroyed, not evicted")
        }
        let (head, body) = try send(
            HTTPRequest(
                .delete, url: ClusterPaths.bucket(bucket), headers: Self.json, body: Self.action("evict-remote-bck")),
            subject: bucket.cname)
        if head.status != 404 { try expect(200, head, body, bucket.cname) }
    }

    /// Deletes an object of an `ais://` bucket without a backend; elsewhere this would delete the user's own.
    public func delete(_ object: String, in bucket: Bucket, _ props: BucketHead) throws(BackendError) {
        try refuseBackend(bucket, props, "deleting its objects would delete them at their source")
        try change(.delete, object, in: bucket, nil, missingIsFine: true)
    }

    /// Puts a whole object into an `ais://` bucket without a backend; elsewhere this would upload it. The proxy redirects
    /// before the file is sent; only the target gets it.
    ///
    /// No checksum goes along: a node whose metadata has that checksum takes the object for put, damaged or not.
    /// - Returns: the checksum of what came, as the node has it; nil where it makes none.
    public func put(
        _ file: FileBody, as object: String, in bucket: Bucket, _ props: BucketHead
    ) throws(BackendError) -> Digest? {
        try refuseBackend(bucket, props, "putting an object would upload it to its source")
        var request = HTTPRequest(
            .put, url: ClusterPaths.object(object, in: bucket),
            headers: [HTTPHeader("Content-Type", "application/octet-stream"), HTTPHeader("Expect", "100-continue")])
        request.file = file
        let subject = ObjectURI(bucket: bucket, object: object).cname
        let (head, body) = try send(request, subject: subject)
        try expect(200, head, body, subject)
        return AISBackend.promised(in: head).first?.digest
    }

    /// Destroys an `ais://` bucket without a backend, with its objects.
    public func destroy(_ bucket: Bucket, _ props: BucketHead) throws(BackendError) {
        try refuseBackend(bucket, props, "destroying it would reach its source; set backend_bck=none first")
        let (head, body) = try send(
            HTTPRequest(
                .delete, url: ClusterPaths.bucket(bucket), headers: Self.json, body: Self.action("destroy-bck")),
            subject: bucket.cname)
        if head.status != 404 { try expect(200, head, body, bucket.cname) }
    }

    private func refuseBackend(_ bucket: Bucket, _ props: BucketHead, _ why: String) throws(BackendError) {
        guard !props.hasRemoteBackend(bucket) else {
            throw BackendError(.usage, bucket.cname, "has a remote backend: \(why)")
        }
    }

    private func change(
        _ method: HTTPRequest.Method, _ object: String, in bucket: Bucket, _ content: [UInt8]?,
        missingIsFine: Bool = false
    ) throws(BackendError) {
        let request = HTTPRequest(
            method, url: ClusterPaths.object(object, in: bucket), headers: content == nil ? [] : Self.json,
            body: content)
        let subject = ObjectURI(bucket: bucket, object: object).cname
        let (head, body) = try send(request, subject: subject)
        if missingIsFine, head.status == 404, !ClusterError(head, body: body).isNoBucket { return }
        try expect(200, head, body, subject)
    }
}
