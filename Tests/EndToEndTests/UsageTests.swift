import Foundation
import TestSupport
import Testing

/// Wrong input: code 2, one error that names the thing and the remedy, nothing written, nobody asked.
struct UsageTests {
    /// Arguments behind `prefetch` (`URL/` stands for the test's folder) and what the message must name.
    struct Wrong: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var needle: String
        init(_ arguments: String..., needle: String) {
            self.arguments = arguments
            self.needle = needle
        }
        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let wrong: [Wrong] = [
        .init(needle: "--from"),
        .init("URL/x.bin", "--to", "ais://b", "--lames", "3", needle: "--lames"),
        .init("URL/x.bin", "--to", "ais://b", "--lanes", "0", needle: "--lanes"),
        .init("URL/x.bin", "--to", "ais://b", "--lanes", "many", needle: "many"),
        .init("URL/x.bin", "--to", "ais://b", "--stall-timeout", "soon", needle: "soon"),
        .init("URL/x.bin", "--to", "ais://b", "--limit-rate", "fast", needle: "fast"),
        .init("URL/x.bin", "--to", "ais://b", "--tar-check", "perhaps", needle: "perhaps"),
        .init("URL/x.bin", "--to", "ais://b", "--bmd", "", needle: "--bmd"),
        .init("URL/x.bin", "--to", "ais://b", "--quiet", "--verbose", needle: "--quiet"),
        .init("s3://b/x-{0..1}", "URL/x.bin", "--to", "ais://b", "--sidecar", "sha256", needle: "--digests"),
        .init("URL/x.bin", "--to", "bad bucket", needle: "bad bucket"),
        .init("URL/x.bin", "--to", "ais://b/../c", needle: ".."),
        .init("URL/x.bin", "--to", "s3://b", needle: "s3"),
        .init("ftp://host/x.bin", "--to", "ais://b", needle: "ftp"),
        .init("URL/x-{9..1}.bin", "--to", "ais://b", needle: "9..1"),
        .init("URL/x-{1..}.bin", "--to", "ais://b", needle: "1.."),
        .init("URL/a/x-{0..5}.bin", "URL/b/x-{3..9}.bin", "--to", "ais://b", needle: "x-3.bin"),
        .init("URL/x-{1..11}{1..11}.bin", "--to", "ais://b", needle: "x-111.bin"),
        .init("--from", "/nonexistent/list", "--to", "ais://b", needle: "/nonexistent/list"),
        .init("URL/x.bin", "--to", "ais://b", "--cacert", "/nonexistent/ca", needle: "/nonexistent/ca"),
        .init("URL/x.bin", "--to", "ais://b", "--cacert", "/dev", needle: "--cacert /dev: is a directory"),
        .init("URL/x.bin", "--to", "ais://b", "--cacert", "/etc/hostname", needle: "--cacert /etc/hostname: holds no"),
        .init(
            "URL/x.bin", "--to", "ais://b", "--cert", "/nonexistent/crt", needle: "--cert /nonexistent/crt: there is"),
        .init("URL/x.bin", "--to", "ais://b", "--cert", "/etc/hostname", needle: "--cert /etc/hostname: holds no"),
        .init("URL/x.bin", "--to", "ais://b", "--key", "/nonexistent/key", needle: "--cert FILE"),
        .init("URL/x.bin", "--to", "ais://b", "--proxy", "http://h:port", needle: "--proxy http://h:port: not a URL"),
        .init("URL/x.bin", "--to", "ais://b", "--proxy", "ftp://host:21", needle: "not ftp"),
        .init("URL/x.bin", "--to", "ais://b", "--header", "no colon", needle: "colon"),
        .init(
            "URL/x.bin", "--to", "ais://b", "--report", "/nonexistent/report.json", needle: "/nonexistent/report.json"),
    ]

    @Test(arguments: wrong)
    func wrongInputIsExplained(_ wrong: Wrong) throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", "x")
        let arguments = wrong.arguments.map { $0.replacingOccurrences(of: "URL/", with: scene.url()) }
        let result = try scene.aismove(["prefetch"] + arguments + ["--store", scene.store])
        #expect(result.status == 2, "\(result.out)\(result.err)")
        #expect(result.err.contains(wrong.needle), "\(result.err)")
        let disk = try scene.disk()
        #expect(disk.names == [])
        #expect(disk.bmd.allSatisfy { $0.buckets.isEmpty })
        #expect(try scene.requests() == [])
    }

    @Test func aClustersURLHasNoSecret() throws {
        let scene = try Scene(mountpaths: 1)
        let run = try scene.prefetch(
            scene.url("x.bin"), "--to", "ais://b", "--cluster", "http://u:geheim@127.0.0.1:1")
        #expect(run.status == 2 && run.err.contains("AIS_AUTHN_TOKEN_FILE"), run.said)
        #expect(!run.err.contains("geheim"))
        let report = try String(contentsOfFile: "\(scene.scratch.path)/report-1.json", encoding: .utf8)
        #expect(report.contains("\"exit_code\":2") && !report.contains("geheim"))
    }

    @Test func twoRangesOfOneNameAreBothNamed() throws {
        let scene = try Scene(mountpaths: 1)
        let result = try scene.onStore(
            "plan", scene.url("a/x-{0..5}.bin"), scene.url("b/x-{3..9}.bin"), "--to", "ais://b")
        #expect(result.status == 2, "\(result.err)")
        #expect(result.err.contains("a/x-{0..5}.bin") && result.err.contains("b/x-{3..9}.bin"), "\(result.err)")
    }

    @Test func noStoreNamed() throws {
        let scene = try Scene(initialise: false)
        let result = try scene.aismove(["ls"])
        #expect(result.status == 2)
        #expect(result.err.contains("--store") && result.err.contains("AISMOVE_STORE"), "\(result.err)")
    }

    @Test func helpAndVersion() throws {
        let scene = try Scene(initialise: false)
        let help = try scene.aismove(["--help"])
        #expect(help.status == 0)
        for code in ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "130"] {
            #expect(help.out.range(of: "(?m)^ *\(code) +[a-z]", options: .regularExpression) != nil, "code \(code)")
        }
        let version = try scene.aismove(["--version"])
        for part in ["aismove", "libcurl", "libarchive", "OpenSSL"] {
            #expect(version.out.contains(part), "\(version.out)")
        }
        for command in ["store", "plan", "prefetch", "verify", "ls", "cat", "evict"] {
            let result = try scene.aismove([command, "--help"])
            #expect(result.status == 0)
            #expect(result.out.count > 200)
        }
        #expect(try scene.aismove(["--generate-completion-script", "bash"]).out.contains("aismove"))
        #expect(try scene.aismove(["frobnicate"]).status == 2)
        #expect(try scene.aismove(["frobnicate"]).err.contains("frobnicate"))
    }
}
