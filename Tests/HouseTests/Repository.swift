import Foundation

/// The repository that this test was compiled from.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }

    static func isExecutable(_ path: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: root.appendingPathComponent(path).path)
    }

    /// Swift files below a top-level folder, by their paths within it, sorted.
    static func swiftFiles(below folder: String) throws -> [(path: String, source: String)] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.appendingPathComponent(folder).path)
        return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { ($0, try text("\(folder)/\($0)")) }
    }

    /// All text below a top-level folder, whatever the kinds of files.
    static func everyText(below folder: String) throws -> String {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.appendingPathComponent(folder).path)
        return paths.sorted().compactMap { try? text("\(folder)/\($0)") }.joined(separator: "\n")
    }

    /// Names of the folders in a top-level folder.
    static func folders(in folder: String) throws -> [String] {
        let base = root.appendingPathComponent(folder).path
        return try FileManager.default.contentsOfDirectory(atPath: base).filter {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(base)/\($0)", isDirectory: &isFolder) && isFolder.boolValue
        }
    }
}
