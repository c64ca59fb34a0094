import Foundation
import Synchronization
import TestSupport

/// A bucket of S3 whose listing is made up as it is asked for: `k/00000000`, `k/00000001` …, all of them empty objects.
final class MadeUpBucket: Sendable {
    /// What its listing does at its third page.
    enum Fault: Sendable {
        case none
        /// 500, every time.
        case failing
        /// The page ends in mid-entry.
        case cut
        /// The next token is the one that was asked with.
        case repeating
        /// Names before those of the second page.
        case unsorted
    }

    static let pageKeys = 1000
    static let faultPage = 2
    let server: ResponderServer
    private let contents: Contents

    /// What is listed.
    private final class Contents: Sendable {
        private let state: Mutex<(count: Int, fault: Fault)>

        init(_ count: Int, _ fault: Fault) { state = Mutex((count, fault)) }

        func set(_ count: Int, _ fault: Fault) { state.withLock { $0 = (count, fault) } }
        var now: (count: Int, fault: Fault) { state.withLock { $0 } }
    }

    init(keys count: Int, fault: Fault = .none) throws {
        let contents = Contents(count, fault)
        self.contents = contents
        server = try ResponderServer {
            let now = contents.now
            return Self.answer($0, now.count, now.fault)
        }
    }

    /// Another listing from now on.
    func show(keys count: Int, fault: Fault = .none) { contents.set(count, fault) }

    /// The requests for objects since the start.
    var objectRequests: Int { server.requests.count { $0.path.hasPrefix("/big/k/") } }

    private static func answer(_ request: ResponderServer.Request, _ count: Int, _ fault: Fault)
        -> ResponderServer.Answer
    {
        if request.path.hasPrefix("/big/k/") {
            return .init(
                200,
                [("ETag", "\"d41d8cd98f00b204e9800998ecf8427e\""), ("Last-Modified", "Tue, 02 Jan 2024 03:04:05 GMT")])
        }
        guard request.query["list-type"] != nil else {
            let isVersioning = request.query["versioning"] != nil
            return .init(200, text: isVersioning ? "<VersioningConfiguration/>" : "")
        }
        let first = request.query["continuation-token"].flatMap { Int($0) } ?? 0
        let isFaulty = first == faultPage * pageKeys
        if isFaulty, fault == .failing { return .init(500) }
        let text = page(
            first: isFaulty && fault == .unsorted ? pageKeys : first, count, repeats: isFaulty && fault == .repeating)
        return .init(200, text: isFaulty && fault == .cut ? String(text.prefix(text.utf8.count / 2)) : text)
    }

    private static func page(first: Int, _ count: Int, repeats: Bool) -> String {
        let end = min(first + pageKeys, count)
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult><Name>big</Name>"
        text += "<IsTruncated>\(end < count)</IsTruncated><EncodingType>url</EncodingType>"
        if end < count { text += "<NextContinuationToken>\(repeats ? first : end)</NextContinuationToken>" }
        for number in first..<max(first, end) {
            let digits = String(number)
            text += "<Contents><Key>k/\(String(repeating: "0", count: 8 - digits.count))\(digits)</Key>"
            text += "<LastModified>2024-01-02T03:04:05.000Z</LastModified>"
            text += "<ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><Size>0</Size>"
            text += "<StorageClass>STANDARD</StorageClass></Contents>"
        }
        return text + "</ListBucketResult>"
    }
}

extension Scene {
    /// A store whose commands reach the made-up bucket `s3://big`.
    convenience init(_ bucket: MadeUpBucket) throws {
        try self.init()
        environment["AWS_ACCESS_KEY_ID"] = "AKMADEUP"
        environment["AWS_SECRET_ACCESS_KEY"] = "made-up-secret"
        environment["AWS_ENDPOINT_URL_S3"] = bucket.server.origin
        environment["AWS_REGION"] = "us-east-1"
    }

    /// Runs a command on this store; its peak resident memory, as the kernel counted it.
    func measured(_ arguments: [String]) throws -> (run: ProcessResult, peakKiB: Int) {
        let script = """
            import resource, subprocess, sys
            code = subprocess.run(sys.argv[2:], timeout=110).returncode
            open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
            sys.exit(code)
            """
        let file = "\(scratch.path)/peak-\(UUID().uuidString)"
        let run = try TestSupport.run(
            TestSupport.python, ["-c", script, file, Program.path] + arguments + ["--store", store],
            environment: environment)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        guard let peak = Int(text) else { throw TestSupportError("no peak: \(text)") }
        return (run, peak)
    }
}
