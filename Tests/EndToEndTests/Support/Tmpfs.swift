import Foundation
import Glibc
import TestSupport

/// A small file system of its own, unmounted at the end, also when the test process dies.
final class Tmpfs {
    let path: String
    private let scratch: ScratchDirectory

    /// - Throws: when mounting is not permitted; these tests need root, as in CI.
    init(mebibytes: Int) throws {
        scratch = try TestSupport.scratch("tmpfs")
        path = "\(scratch.path)/mnt"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let mounted = try TestSupport.run("mount", ["-t", "tmpfs", "-o", "size=\(mebibytes)m,mode=755", "tmpfs", path])
        guard mounted.status == 0 else {
            throw TestSupportError("cannot mount a tmpfs (these tests must run as root): \(mounted.err)")
        }
        let keeper = Process()
        keeper.executableURL = URL(fileURLWithPath: "/bin/sh")
        let script = """
            trap '' INT TERM HUP
            while kill -0 "$1" 2>/dev/null && mountpoint -q "$2"; do sleep 0.3; done
            umount -l "$2" 2>/dev/null
            """
        keeper.arguments = ["-c", script, "keeper", String(getpid()), path]
        keeper.standardInput = FileHandle.nullDevice
        keeper.standardOutput = FileHandle.nullDevice
        keeper.standardError = FileHandle.nullDevice
        try keeper.run()
    }

    deinit { _ = try? TestSupport.run("umount", ["-l", path]) }
}
