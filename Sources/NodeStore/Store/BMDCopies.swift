/// All copies of a store's BMD, and which of them counts.
struct BMDCopies {
    private enum State {
        case missing
        case damaged(StoreError)
        case valid(BMD)
    }

    private struct Copy {
        let place: BMDPlace
        let state: State
        /// Whether it is kept current.
        let isHeld: Bool
        var isPrimarys = false

        var isMissing: Bool {
            if case .missing = state { true } else { false }
        }
    }

    /// A copy to be written again, and why.
    struct Repair {
        let place: BMDPlace
        let reason: String
        let isPrimarys: Bool
    }

    private let copies: [Copy]

    /// Reads every copy: the primary's, where there is one, and those of all mountpaths. Kept current are the primary's,
    /// those of the first two mountpaths, and every other that is there. An unknown version is an error even if other
    /// copies are known ones: a newer AIStore has been here.
    init(mountpaths: [BMDPlace], primary: BMDPlace?) throws(StoreError) {
        var copies: [Copy] = []
        if let primary {
            copies.append(Copy(place: primary, state: try Self.state(primary), isHeld: true, isPrimarys: true))
        }
        for (index, place) in mountpaths.enumerated() {
            let copy = Copy(place: place, state: try Self.state(place), isHeld: true)
            copies.append(Copy(place: place, state: copy.state, isHeld: index < Self.count || !copy.isMissing))
        }
        self.copies = copies
    }

    private static func state(_ place: BMDPlace) throws(StoreError) -> State {
        guard let bytes = try place.read() else { return .missing }
        do throws(StoreError) {
            return .valid(try BMD(decoding: bytes, path: place.path))
        } catch {
            guard error.kind == .unreadable else { throw error }
            return .damaged(error)
        }
    }

    static let fileName = JSP.Kind.bmd.fileName
    static let previousName = fileName + ".prev"
    /// As a node keeps it: one copy on each of two mountpaths.
    static let count = 2

    /// Whether there has never been one.
    var areMissing: Bool { copies.allSatisfy(\.isMissing) }

    /// The primary's copy, where no mountpath has one: it is not of this store.
    var onlyAtPrimary: String? {
        guard let first = copies.first, first.isPrimarys, !first.isMissing,
            copies.dropFirst().allSatisfy(\.isMissing)
        else { return nil }
        return first.place.path
    }

    /// Where copies are kept current, in the order of writing: the primary's first.
    var holders: [BMDPlace] { copies.filter(\.isHeld).map(\.place) }

    /// The highest valid version. Throws when there is none, when two of one version differ, and when two stores'
    /// copies are mixed: a node would not start with any of these.
    func current() throws(StoreError) -> BMD {
        var best: (bmd: BMD, place: BMDPlace)?
        for copy in copies {
            guard case .valid(let bmd) = copy.state else { continue }
            guard let other = best else {
                best = (bmd, copy.place)
                continue
            }
            if bmd.uuid != other.bmd.uuid {
                throw StoreError(
                    .unreadable, path: copy.place.path,
                    message: "is the BMD of another cluster (UUID \(bmd.uuid)) than \(other.place.path) (UUID "
                        + "\(other.bmd.uuid)); take away the file, or the mountpath, that does not belong here")
            }
            if bmd.version == other.bmd.version, bmd != other.bmd {
                throw StoreError(
                    .unreadable, path: copy.place.path,
                    message: "has the version \(bmd.version) of \(other.place.path) but other buckets; "
                        + "compare the two (\(Self.previousName) may help) and keep the right one")
            }
            if bmd.version > other.bmd.version { best = (bmd, copy.place) }
        }
        if let best { return best.bmd }
        for copy in copies {
            if case .damaged(var error) = copy.state {
                error.message += "; no other copy is whole: put \(Self.previousName) in its place"
                throw error
            }
        }
        throw StoreError(
            .unreadable, path: copies.last?.place.path ?? "",
            message: "the store's BMD is missing on every mountpath; put \(Self.previousName) or a copy in its place")
    }

    /// The holders whose copy is not `current`.
    func repairs(to current: BMD) -> [Repair] {
        copies.filter(\.isHeld).compactMap { copy in
            let reason: String
            switch copy.state {
            case .missing: reason = "was missing"
            case .damaged(let error): reason = error.message
            case .valid(let bmd):
                guard bmd.version != current.version else { return nil }
                reason = "was stale (version \(bmd.version) of \(current.version))"
            }
            return Repair(place: copy.place, reason: reason, isPrimarys: copy.isPrimarys)
        }
    }
}
