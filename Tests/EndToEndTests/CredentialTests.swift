import Foundation
import TestSupport
import Testing

/// Credentials: used where they belong, nowhere else, and never told.
struct CredentialTests {
    private static let secret = "s3cr3t-v4lue"

    private func secretFile(_ scene: Scene, _ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        let path = try scene.scratch.write(name, text)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    @Test func aWordWithoutItsSchemeKeepsItsSecretToItself() throws {
        let scene = try Scene()
        let run = try scene.onStore("plan", "user:\(Self.secret)@host/x.tar?t=\(Self.secret)", "--to", "ais://b")
        #expect(run.status == 2 && run.err.contains("https://host/x.tar"), "\(run.err)")
        #expect(!run.err.contains(Self.secret) && !run.out.contains(Self.secret), "\(run.err)")
    }

    @Test func basicAuthenticationByNetrc() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", "x")
        let url = scene.url("x.bin", fault: "basic")
        #expect(try scene.prefetch(url, "--to", "ais://b").status == 5)
        let wrong = try secretFile(scene, "wrong", "machine 127.0.0.1 login user password no\n")
        #expect(try scene.prefetch(url, "--to", "ais://b", "--netrc-file", wrong).status == 5)
        let right = try secretFile(scene, "right", "machine 127.0.0.1 login user password pass\n")
        let run = try scene.prefetch(url, "--to", "ais://b", "--netrc-file", right)
        #expect(run.status == 0, run.said)
        try scene.expectStored(["x.bin": "x.bin"])
    }

    @Test func theNetrcInTheHomeDirectoryCounts() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", "x")
        _ = try secretFile(scene, ".netrc", "machine 127.0.0.1\n  login user\n  password pass\n")
        let run = try scene.prefetch(scene.url("x.bin", fault: "basic"), "--to", "ais://b")
        #expect(run.status == 0, run.said)
    }

    @Test func aNetrcThatOthersCanReadMattersWhereItHasALogin() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", "x")
        let url = scene.url("x.bin")
        let login = "machine HOST login user password \(Self.secret)\n"
        let here = login.replacing("HOST", with: "127.0.0.1")
        let file = try secretFile(scene, ".netrc", here, mode: 0o644)
        for lookup in [[], ["--skip-lookup"]] {
            let run = try scene.reported("prefetch", [url, "--to", "ais://b"] + lookup)
            #expect(run.status == 2, run.said)
            #expect(run.err.contains("chmod 600 \(file)"), run.said)
            #expect(run.report?.shards.isEmpty == true)
        }
        let listed = try scene.prefetch(scene.url(), "--to", "ais://b")
        #expect(listed.status == 2 && listed.err.contains("chmod 600"), listed.said)
        let planned = try scene.onStore("plan", url, "--to", "ais://b", "--sizes")
        #expect(planned.status == 2 && planned.err.contains("chmod 600"), "\(planned.err)")
        #expect(try scene.disk().bmd.allSatisfy { $0.buckets.isEmpty })
        #expect(try scene.requests().isEmpty)
        _ = try secretFile(scene, ".netrc", login.replacing("HOST", with: "elsewhere.invalid"), mode: 0o644)
        let run = try scene.prefetch(url, "--to", "ais://b")
        #expect(run.status == 0, run.said)
    }

    @Test func theLoginOfEveryHostIsLookedAtFirst() throws {
        let scene = try Scene(mountpaths: 1)
        for number in 0..<5 { try scene.put("\(number).bin", "x") }
        _ = try secretFile(scene, ".netrc", "machine localhost login user password pass\n", mode: 0o644)
        let range = scene.url("{0..3}.bin")
        let other = scene.url("4.bin").replacing("127.0.0.1", with: "localhost")
        let urls = (0..<4).map { scene.url("\($0).bin") } + [other]
        let list = try scene.scratch.write("list", urls.joined(separator: "\n") + "\n")
        for sources in [["--from", list], [range, other]] {
            let run = try scene.reported("prefetch", sources + ["--to", "ais://b"])
            #expect(run.status == 2, run.said)
            #expect(run.err.contains("\(other): ") && run.err.contains("chmod 600"), run.said)
        }
        #expect(try scene.requests().isEmpty)
        #expect(try scene.prefetch(range, "--to", "ais://b").status == 0)
    }

    @Test func aNetrcFileByFlagIsItsOwnersOnly() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", "x")
        let open = try secretFile(scene, "open", "machine other login user password pass\n", mode: 0o640)
        let run = try scene.prefetch(scene.url("x.bin"), "--to", "ais://b", "--netrc-file", open)
        #expect(run.status == 2, run.said)
        #expect(run.err.contains("--netrc-file \(open)") && run.err.contains("chmod 600"), run.said)
        let gone = try scene.prefetch(scene.url("x.bin"), "--to", "ais://b", "--netrc-file", "\(open).no")
        #expect(gone.status == 2 && gone.err.contains("--netrc-file \(open).no"), gone.said)
        #expect(try scene.requests().isEmpty)
        let none = try scene.prefetch(scene.url("x.bin"), "--to", "ais://b", "--netrc-file", "/dev/null")
        #expect(none.status == 0, none.said)
    }

    @Test func aBearerTokenByHeaderFile() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", "x")
        let url = scene.url("x.bin", fault: "bearer")
        let open = try secretFile(scene, "open", "Authorization: Bearer tok123\n", mode: 0o644)
        let refused = try scene.onStore("prefetch", url, "--to", "ais://b", "--header-file", open)
        #expect(refused.status == 2, "readable by others: \(refused.err)")
        let file = try secretFile(scene, "token", "Authorization: Bearer tok123\n")
        let run = try scene.prefetch(url, "--to", "ais://b", "--header-file", file)
        #expect(run.status == 0, run.said)
        try scene.expectStored(["x.bin": "x.bin"])
    }

    @Test func noCredentialFollowsARedirectToAnotherOrigin() throws {
        let scene = try Scene(mountpaths: 1)
        let other = try ScriptedServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        let moved =
            "HTTP/1.1 302 Found\r\nLocation: \(other.url("y.bin"))\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        let first = try ScriptedServer(answer: moved)
        let file = try secretFile(
            scene, "headers", "Authorization: Bearer \(Self.secret)\nX-Api-Key: \(Self.secret)\n")
        let run = try scene.prefetch(
            first.url("x.bin"), "--to", "ais://b", "--header-file", file, "--header", "X-Team: \(Self.secret)")
        #expect(run.status == 0, run.said)
        #expect(first.requests.allSatisfy { $0.components(separatedBy: Self.secret).count == 4 }, "to its own origin")
        #expect(!other.requests.isEmpty)
        for request in other.requests {
            #expect(!request.contains(Self.secret), "\(request)")
            #expect(!request.lowercased().contains("authorization"), "\(request)")
        }
    }

    @Test func secretsAreNeverTold() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", "x")
        try scene.put("page.tar", "<html>no</html>")
        let file = try secretFile(scene, "headers", "X-Api-Key: \(Self.secret)1\n")
        let base = "http://user:\(Self.secret)2@127.0.0.1:\(scene.site.portNumber(.http))"
        let query = "?token=\(Self.secret)3"
        let flags = ["--header-file", file, "--header", "X-Other: \(Self.secret)4", "--to", "ais://b"]
        let sources = ["x.bin", "gone.bin", "page.tar"].map { "\(base)/\(scene.folder)/\($0)\(query)" }
        for style in [["--json"], ["--verbose"], []] {
            let run = try scene.reported(
                "prefetch", sources + ["\(base)/redirloop/\(scene.folder)\(query)"] + flags + style)
            #expect(run.status == 3, run.said)
            #expect(!run.result.out.contains(Self.secret), run.said)
            #expect(!run.err.contains(Self.secret), run.said)
        }
        let reports = try FileManager.default.contentsOfDirectory(atPath: scene.scratch.path).filter {
            $0.hasPrefix("report-")
        }
        #expect(reports.count == 3)
        for report in reports {
            let text = try String(contentsOfFile: "\(scene.scratch.path)/\(report)", encoding: .utf8)
            #expect(!text.contains(Self.secret), "\(text)")
        }
        let disk = try scene.disk()
        #expect(disk.object("x.bin") != nil)
        #expect(!"\(disk)".contains(Self.secret))
        #expect(disk.object("x.bin")?.custom["orig_url"] == scene.url("x.bin"))
    }

    @Test func aHeaderFileIsNotOnTheCommandLine() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", Scene.bytes(3 << 20))
        let file = try secretFile(scene, "headers", "X-Api-Key: \(Self.secret)\n")
        let running = try scene.start(
            "prefetch", scene.url("x.bin", fault: "slow"), "--to", "ais://b", "--header-file", file, "--deadline", "2s")
        #expect(eventually { !scene.workfiles().isEmpty })
        let commandLine = FileManager.default.contents(atPath: "/proc/\(running.pid)/cmdline") ?? Data()
        #expect(!commandLine.isEmpty)
        #expect(!String(decoding: commandLine, as: UTF8.self).contains(Self.secret))
        running.send(SIGINT)
        _ = try running.wait()
    }
}
