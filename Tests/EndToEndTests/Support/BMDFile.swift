import Foundation
import TestSupport

/// One `.ais.bmd`, read by the independent decoder, and changed by it.
struct BMDFile: Decodable, Equatable {
    var uuid: String
    var version: String
    /// `ais/@#/imagenet`, sorted.
    var buckets: [String]

    private static let tools = "\(TestSupport.repositoryRoot)/Tests/Tools"

    init(_ path: String) throws {
        let code = """
            import json, sys; sys.path.insert(0, sys.argv[1]); import aisdisk
            frame = aisdisk.jsp_read(sys.argv[2]); v = frame['val']
            assert frame['ok'] and frame['metaver'] == 2, frame
            names = [f'{p}/{n}/{b}' for p, ns in v['providers'].items() for n, bs in ns.items() for b in bs]
            print(json.dumps({'uuid': v['uuid'], 'version': v['version'], 'buckets': sorted(names)}))
            """
        let result = try TestSupport.runChecked(TestSupport.python, ["-B", "-c", code, Self.tools, path])
        self = try JSONDecoder().decode(BMDFile.self, from: result.stdout)
    }

    /// Runs Python on `v`, the file's JSON, and writes it back.
    static func rewrite(_ path: String, _ code: String) throws {
        let script = """
            import sys; sys.path.insert(0, sys.argv[1]); import aisdisk
            v = aisdisk.jsp_read(sys.argv[2])['val']
            \(code)
            aisdisk.jsp_write(sys.argv[2], v, 2)
            """
        try TestSupport.runChecked(TestSupport.python, ["-B", "-c", script, tools, path])
    }
}
