import Foundation
import Glibc
import TestSupport

/// A file system of its own that can share blocks between files, in a sparse file; unmounted at the end.
final class XFS {
    let path: String
    private let scratch: ScratchDirectory

    /// - Throws: when mounting is not permitted; these tests need root, as in CI.
    init() throws {
        scratch = try TestSupport.scratch("xfs")
        path = "\(scratch.path)/mnt"
        let image = try scratch.write("image", "")
        guard truncate(image, 320 << 20) == 0 else { throw TestSupportError("no room for an image") }
        try TestSupport.runChecked("mkfs.xfs", ["-q", image])
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try TestSupport.runChecked("mount", ["-o", "loop", image, path])
    }

    deinit { _ = try? TestSupport.run("umount", ["-l", path]) }
}
