import NodeStore
import Planner

/// A file that a run writes or reads, and what it is called: by the flag or the job's key, or by what it is.
struct NamedFile {
    let name: String
    let path: String

    init(_ name: String, _ path: String) { (self.name, self.path) = (name, path) }

    /// What a flag says, else the job; nil where neither does.
    init?(flag: String, _ given: String?, else key: JobText?) {
        guard let path = given ?? key?.value else { return nil }
        self.init(given == nil ? "\(flag):" : "--\(flag)", path)
    }

    /// Refuses files that would overwrite each other, or what the run reads, or something in its store.
    /// - Throws: `CommandFailure` of usage.
    static func check(_ written: [NamedFile], reads: [NamedFile], store: String?) throws {
        var reads = reads
        if let store { reads.append(NamedFile("the store's description", "\(store)/\(StoreDescription.fileName)")) }
        let mountpaths = store.map(NodeStore.mountpaths(of:)) ?? []
        var before: [(file: NamedFile, place: FilePlace)] = []
        for file in written {
            guard let place = FilePlace(file.path) else { continue }
            if let other = before.first(where: { $0.place.isSame(as: place) })?.file {
                throw CommandFailure(
                    .usage, "\(other.name) and \(file.name) are both \(file.path); give each a file of its own")
            }
            if let read = reads.first(where: { FilePlace($0.path)?.isSame(as: place) == true }) {
                throw CommandFailure(
                    .usage, "\(file.name) \(file.path): is \(read.name), which it would overwrite; name another file")
            }
            if let mountpath = mountpaths.first(where: { place.lies(in: $0.hostPath) }) {
                throw CommandFailure(
                    .usage,
                    "\(file.name) \(file.path): lies in \(mountpath.hostPath), a mountpath of the store; name a file "
                        + "outside of it")
            }
            before.append((file, place))
        }
    }
}
