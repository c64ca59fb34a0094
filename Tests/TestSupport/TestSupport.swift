import Foundation

/// What every test target needs: where things are, processes, scratch directories.
public enum TestSupport {
    /// The clone that the tests were built from.
    public static let repositoryRoot = String(#filePath.dropLast("/Tests/TestSupport/TestSupport.swift".count))

    /// A Python with `xxhash` and `lz4`, the independent reader of what aismove writes.
    public static let python: String = {
        let environment = ProcessInfo.processInfo.environment
        return environment["AISMOVE_TEST_PYTHON"] ?? (environment["HOME"] ?? "") + "/.cache/aismove/venv/bin/python3"
    }()

    /// A file of `Tests/TARGET/Fixtures`.
    public static func fixture(_ target: String, _ name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: "\(repositoryRoot)/Tests/\(target)/Fixtures/\(name)"))
    }

    /// A new directory, removed when the last reference goes.
    public static func scratch(_ label: String) throws -> ScratchDirectory {
        try ScratchDirectory(label)
    }
}

/// What went wrong in the tests' own machinery.
public struct TestSupportError: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
