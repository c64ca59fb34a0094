/// All copies of a store's BMD, and which of them counts.
struct BMDCopies {
    private enum State {
        case missing
        case damaged(StoreError)
        case valid(BMD)
    }

    /// A copy to be written again, and why.
    struct Repair {
        let root: MountpathRoot
        let reason: String
    }

    private let copies: [(root: MountpathRoot, state: State)]

    /// Reads `.ais.bmd` of every mountpath. An unknown version is an error even if other copies are known ones: a
    /// newer AIStore has been here.
    init(_ roots: [MountpathRoot]) throws(StoreError) {
        var copies: [(MountpathRoot, State)] = []
        for root in roots {
            guard let bytes = try root.file(Self.fileName) else {
                copies.append((root, .missing))
                continue
            }
            do throws(StoreError) {
                copies.append((root, .valid(try BMD(decoding: bytes, path: Self.path(root)))))
            } catch {
                guard error.kind == .unreadable else { throw error }
                copies.append((root, .damaged(error)))
            }
        }
        self.copies = copies
    }

    static let fileName = JSP.Kind.bmd.fileName
    static let previousName = fileName + ".prev"
    /// As a node keeps it: one copy on each of two mountpaths.
    static let count = 2

    static func path(_ root: MountpathRoot) -> String { "\(root.mountpath.hostPath)/\(fileName)" }

    /// Whether no mountpath has ever had one.
    var areMissing: Bool {
        copies.allSatisfy {
            if case .missing = $0.state { true } else { false }
        }
    }

    /// The mountpaths whose copy is kept current: the first two, and every other that has one.
    var holders: [MountpathRoot] {
        copies.enumerated().filter { index, copy in
            if index < Self.count { return true }
            if case .missing = copy.state { return false }
            return true
        }.map(\.element.root)
    }

    /// The highest valid version. Throws when there is none, when two of one version differ, and when two stores'
    /// copies are mixed: a node would not start with any of these.
    func current() throws(StoreError) -> BMD {
        var best: (bmd: BMD, root: MountpathRoot)?
        for (root, state) in copies {
            guard case .valid(let bmd) = state else { continue }
            guard let other = best else {
                best = (bmd, root)
                continue
            }
            if bmd.uuid != other.bmd.uuid {
                throw StoreError(
                    .unreadable, path: Self.path(root),
                    message: "is the BMD of another cluster (UUID \(bmd.uuid)) than \(Self.path(other.root)) (UUID "
                        + "\(other.bmd.uuid)); take away the file, or the mountpath, that does not belong here")
            }
            if bmd.version == other.bmd.version, bmd != other.bmd {
                throw StoreError(
                    .unreadable, path: Self.path(root),
                    message: "has the version \(bmd.version) of \(Self.path(other.root)) but other buckets; "
                        + "compare the two (\(Self.previousName) may help) and keep the right one")
            }
            if bmd.version > other.bmd.version { best = (bmd, root) }
        }
        if let best { return best.bmd }
        for (_, state) in copies {
            if case .damaged(var error) = state {
                error.message += "; no other copy is whole: put \(Self.previousName) in its place"
                throw error
            }
        }
        throw StoreError(
            .unreadable, path: copies.first.map { Self.path($0.root) } ?? "",
            message: "the store's BMD is missing on every mountpath; put \(Self.previousName) or a copy in its place")
    }

    /// The holders whose copy is not `current`.
    func repairs(to current: BMD) -> [Repair] {
        let holders = Set(holders.map { ObjectIdentifier($0) })
        var repairs: [Repair] = []
        for (root, state) in copies where holders.contains(ObjectIdentifier(root)) {
            switch state {
            case .missing: repairs.append(Repair(root: root, reason: "was missing"))
            case .damaged(let error): repairs.append(Repair(root: root, reason: error.message))
            case .valid(let bmd):
                guard bmd.version != current.version else { continue }
                repairs.append(
                    Repair(root: root, reason: "was stale (version \(bmd.version) of \(current.version))"))
            }
        }
        return repairs
    }
}
