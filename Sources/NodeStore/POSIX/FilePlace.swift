/// Where a file is, or would be made: the place that its path names, and the one that a link there leads to. Links on
/// the way are resolved.
public struct FilePlace: Sendable {
    private let paths: Set<String>

    /// Nil for a stream of the process, a device, a pipe or a directory.
    public init?(_ path: String) {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let folder = MountpathProbe.realPath(name.count == path.count ? "." : String(path.dropLast(name.count)))
        // What standard output leads to may be a file; it is the process's as it stands.
        if folder == "/dev" || MountpathProbe.contains("/proc", folder) { return nil }
        let place = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
        if let status = try? FileStatus.at(place), !status.isRegular { return nil }
        paths = [place, MountpathProbe.realPath(place)]
    }

    public func isSame(as other: FilePlace) -> Bool { !paths.isDisjoint(with: other.paths) }

    /// Whether it lies in a directory, which may be named by a link.
    public func lies(in directory: String) -> Bool {
        let directory = MountpathProbe.realPath(directory)
        return paths.contains { MountpathProbe.contains(directory, $0) }
    }
}
