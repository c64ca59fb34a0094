import Foundation

/// The reports of a pattern that are in its folder.
public struct ReportFolder: Sendable {
    private let pattern: ReportPattern

    public init(_ pattern: ReportPattern) { self.pattern = pattern }

    /// Names of the pattern's, oldest first; files and links only. Empty where the folder is not there.
    private var names: [String] {
        let folder = pattern.folder.isEmpty ? "." : pattern.folder
        let found = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return Self.ofPattern(pattern, among: found)
    }

    /// The names that are the pattern's, oldest first.
    static func ofPattern(_ pattern: ReportPattern, among names: [String]) -> [String] {
        names.compactMap { name in pattern.time(in: name).map { (time: $0, name: name) } }
            .sorted { ($0.time, $0.name) < ($1.time, $1.name) }
            .map(\.name)
    }

    /// Removes the oldest so that `keep` stay.
    /// - Returns: why some could not be removed.
    public func prune(keeping keep: Int) -> [String] {
        names.dropLast(keep).compactMap { name in
            let path = pattern.folder + name
            let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
            guard type == .typeRegular else { return nil }
            return unlink(path) == 0 ? nil : "report \(path) could not be removed: \(String(cString: strerror(errno)))"
        }
    }

    /// Reads each report's summary, oldest first.
    public func history() -> (runs: [RunSummary], skipped: [String]) {
        var runs: [RunSummary] = []
        var skipped: [String] = []
        for name in names {
            do throws(ReportError) {
                runs.append(try ReportTail.summary(of: pattern.folder + name))
            } catch {
                skipped.append("\(error)")
            }
        }
        return (runs, skipped)
    }
}
