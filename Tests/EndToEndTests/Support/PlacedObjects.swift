import Foundation
import TestSupport

/// Objects that somebody else puts into a store: `Tests/Tools/write_objects.py`, never aismove's own code.
struct PlacedObjects: Encodable {
    struct Object: Encodable {
        var name: String
        var base64: String
        var custom: [String: String]
    }

    struct Many: Encodable {
        var prefix: String
        var digits = 8
        var first = 0
        var count: Int
        var custom: [String: String]
    }

    /// Provider as in the BMD.
    var provider = "ais"
    var ns = "@#"
    var bucket: String
    var objects: [Object] = []
    var many: Many?
    fileprivate(set) var mountpaths: [String] = []

    init(_ bucket: String, _ objects: [String: [String: String]] = [:], many: Many? = nil) {
        self.bucket = bucket
        self.objects = objects.map {
            Object(name: $0.key, base64: Data("<\($0.key)>".utf8).base64EncodedString(), custom: $0.value)
        }
        self.many = many
    }
}

extension Scene {
    /// Puts objects into a registered bucket of the store.
    func place(_ objects: PlacedObjects) throws {
        var objects = objects
        objects.mountpaths = mountpaths
        try TestSupport.runChecked(
            TestSupport.python, ["-B", "\(TestSupport.repositoryRoot)/Tests/Tools/write_objects.py"],
            input: JSONEncoder().encode(objects))
    }

    @discardableResult
    func sync(_ arguments: String..., input: Data? = nil) throws -> Run {
        try reported("sync", arguments, input: input)
    }

    /// Everything below the mountpaths and what it is: paths, sizes, times, content; without paths that hold `part`.
    func everything(but part: String = "\0") throws -> [Substring] {
        let script = """
            import os, sys, hashlib
            for host in sys.argv[1:]:
                for folder, folders, files in os.walk(host):
                    folders.sort()
                    for name in sorted(files) + ['.']:
                        path = os.path.join(folder, name); info = os.lstat(path)
                        digest = hashlib.sha256(open(path, 'rb').read()).hexdigest() if name != '.' else ''
                        print(path, info.st_size, info.st_ino, info.st_mtime_ns, digest)
            """
        return try TestSupport.runChecked(TestSupport.python, ["-c", script] + hosts).out.split(separator: "\n")
            .filter { !$0.contains(part) }
    }
}
