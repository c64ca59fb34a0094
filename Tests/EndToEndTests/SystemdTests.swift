import Foundation
import TestSupport
import Testing

/// `jobs/systemd`: read by systemd's own parser, and its sandbox built by hand around the real program. No systemd runs
/// in the tests, so what it does itself (the timer, system call filters) is not tried.
struct SystemdTests {
    private static let program = "/usr/local/bin/aismove"

    /// The units in a folder of their own, with a program that is there.
    private func units(_ scratch: ScratchDirectory, changing: [String: String] = [:]) throws -> String {
        let service = try adapted(
            [Self.program: Program.path].merging(changing) { $1 }, in: "jobs/systemd/aismove@.service")
        _ = try scratch.write("aismove@.service", service)
        _ = try scratch.write("aismove@.timer", try adapted([:], in: "jobs/systemd/aismove@.timer"))
        return scratch.path
    }

    private func verify(_ folder: String) throws -> String {
        let names = ["aismove@.timer", "aismove@.service"].map { "\(folder)/\($0)" }
        let result = try TestSupport.run("systemd-analyze", ["verify", "--man=no"] + names)
        return result.status == 0 ? result.err : "exit \(result.status): \(result.err)"
    }

    @Test func systemdUnderstandsTheUnits() throws {
        let scratch = try TestSupport.scratch("units")
        #expect(try verify(try units(scratch)) == "")
        #expect(
            try verify(try units(scratch, changing: ["NoNewPrivileges": "NoNewPriviliges"])).contains("NoNewPriviliges")
        )
        #expect(try verify(try units(scratch, changing: ["Type=oneshot": "Type=onceshot"])).contains("onceshot"))
    }

    @Test func theSandboxIsTight() throws {
        let scratch = try TestSupport.scratch("units")
        let result = try TestSupport.run(
            "systemd-analyze",
            ["security", "--offline=true", "--threshold=30", "\(try units(scratch))/aismove@.service"])
        #expect(result.status == 0, "an exposure of more than 3.0:\n\(result.out)\(result.err)")
    }

    /// The unit's capabilities and writable paths, as the program meets them: everything else is read-only.
    @Test func theProgramNeedsNoMoreThanTheUnitGives() throws {
        let scene = try Scene(mountpaths: 2)
        try scene.putShards(count: 3)
        let folder = scene.scratch.path
        for name in ["log", "prom"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        try TestSupport.runChecked("chown", ["-R", "1234:1234"] + scene.hosts)
        let places = [
            "/srv/aismove": scene.store, "/var/lib/prometheus/node-exporter": "\(folder)/prom",
        ]
        let job = try scene.scratch.write(
            "imagenet.yaml",
            try adapted(
                places.merging([
                    "/var/log/aismove": "\(folder)/log", "window: \"22:00-06:00\", ": "", "10m": "1s",
                    "https://data.example.org/imagenet/train-{000000..001281}.tar": scene.url(
                        "train-{000000..000002}.tar"),
                ]) { $1 }, in: "jobs/cron/imagenet.yaml"))
        let unit = try adapted(
            places.merging([
                "/mnt/d1": scene.hosts[0], "/mnt/d2": scene.hosts[1], "/etc/aismove/%i.yaml": job,
                Self.program: Program.path,
            ]) { $1 }, in: "jobs/systemd/aismove@.service")
        let settings = unit.split(separator: "\n")
        func values(_ key: String) -> [String] {
            settings.filter { $0.hasPrefix("\(key)=") }.map { String($0.dropFirst(key.count + 1)) }
        }
        #expect(values("LogsDirectory") == ["aismove"])
        let writable = values("ReadWritePaths").joined(separator: " ").split(separator: " ")
            .map { String($0.drop { $0 == "-" }) }
        let capabilities = try #require(values("CapabilityBoundingSet").first).lowercased().split(separator: " ")
            .map { "+\($0.dropFirst("cap_".count))" }
        let script = """
            set -e
            for path in \((writable + ["\(folder)/log"]).joined(separator: " ")); do mount --bind "$path" "$path"; done
            mount -o remount,bind,ro /
            exec setpriv --no-new-privs --bounding-set=-all,\(capabilities.joined(separator: ",")) \
            \(try #require(values("ExecStart").first))
            """
        let run = try TestSupport.run(
            "unshare", ["--mount", "sh", "-c", script], environment: scene.environment)
        #expect(run.status == 0, "\(run.out)\(run.err)")
        #expect(run.out + run.err == "", "quiet")
        #expect(
            try Metrics(file: "\(folder)/prom/imagenet.prom").value("aismove_run_objects", ["outcome": "moved"]) == 3)
        let disk = try scene.disk()
        #expect(disk.problems == [])
        #expect(disk.objects.count == 3)
        for object in disk.objects {
            #expect(try FileManager.default.attributesOfItem(atPath: object.path)[.ownerAccountID] as? Int == 1234)
        }
        try TestSupport.runChecked("sed", ["-i", "s/imagenet.train/other/", job])
        let less = script.replacing("+chown", with: "-chown")
        let refused = try TestSupport.run("unshare", ["--mount", "sh", "-c", less], environment: scene.environment)
        #expect(refused.status != 0, "without CAP_CHOWN files cannot be given to the node")
    }
}
