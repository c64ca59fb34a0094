import CLinux
import Glibc
import Synchronization

/// One bucket on one mountpath: descriptors of `%ob` and `%wk` from when the bucket was confirmed. Whatever is put
/// into `%ob` goes through them, so a bucket that is removed meanwhile is noticed and never made again.
final class BucketSide: Sendable {
    let root: MountpathRoot
    let objects: Descriptor
    let work: Descriptor
    let directories: ObjectDirectories
    /// `@ais/imagenet/%ob`.
    let objectsPath: String
    private let identity: FileStatus.Identity
    /// Whether files that this process makes in `%wk` are the owner's from the start; once one was, all are.
    private let givesOwner = Atomic<Bool>(false)
    /// When `confirmUnlessRecent` has looked last, in milliseconds of the monotonic clock.
    private let confirmed = Atomic<Int>(0)

    init(_ root: MountpathRoot, _ bucket: BMDBucket, sync: Bool) throws(StoreError) {
        self.root = root
        objectsPath = FQN.bucketDirectory(bucket.bucket, .object)
        objects = try Self.descend(root.descriptor, objectsPath, bucket)
        work = try Self.descend(root.descriptor, FQN.bucketDirectory(bucket.bucket, .work), bucket)
        identity = try objects.status().identity
        directories = ObjectDirectories(objects: objects, owner: root.owner, sync: sync)
    }

    private static func descend(
        _ root: Descriptor, _ relative: String, _ bucket: BMDBucket
    ) throws(StoreError) -> Descriptor {
        var directory = root
        for component in relative.split(separator: "/") {
            guard let next = try directory.openIfThere(String(component), O_RDONLY | O_DIRECTORY) else {
                throw StoreError(
                    .bucketRemoved, path: root.path(of: relative),
                    message: "a directory of \(bucket.bucket.cname) is missing; fetch into the bucket to make it again")
            }
            directory = next
        }
        return directory
    }

    /// Throws `.bucketRemoved` unless `%ob` is still the directory that was opened.
    func confirm() throws(StoreError) {
        let status: FileStatus?
        do throws(StoreError) {
            status = try root.descriptor.status(of: objectsPath)
        } catch {
            guard error.errno == ENOTDIR else { throw error }
            status = nil
        }
        guard status?.identity == identity else { throw removed }
    }

    /// That `%ob` or `%wk` is gone.
    var removed: StoreError {
        StoreError(
            .bucketRemoved, path: objects.path,
            message: "the bucket was removed while it was written to; run again to make it anew")
    }

    private static let confirmIntervalMilliseconds = 20

    /// The same, unless that was looked at a moment ago: for what is not synced, a removal that is noticed 20 ms late is
    /// as good as one that comes 20 ms later.
    func confirmUnlessRecent() throws(StoreError) {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let milliseconds = now.tv_sec * 1000 + now.tv_nsec / 1_000_000
        guard milliseconds - confirmed.load(ordering: .relaxed) >= Self.confirmIntervalMilliseconds else { return }
        confirmed.store(milliseconds, ordering: .relaxed)
        try confirm()
    }

    /// Gives a new file in `%wk` its owner and permissions, when it has others.
    /// - Returns: false when somebody has swept it meanwhile.
    func adopt(_ file: Descriptor) throws(StoreError) -> Bool {
        // The run lock keeps others from sweeping: after the first file nothing is left to look for.
        if givesOwner.load(ordering: .relaxed) { return true }
        let made = try file.belong(to: root.owner, permissions: 0o640)
        if made.owner == root.owner, made.permissions == 0o640 { givesOwner.store(true, ordering: .relaxed) }
        return made.links > 0
    }

    /// The path as the node sees it.
    func fqn(_ storedName: String) -> String { "\(root.mountpath.aisPath)/\(objectsPath)/\(storedName)" }
}
