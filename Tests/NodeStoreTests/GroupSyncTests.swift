import Foundation
import Synchronization
import Testing

@testable import NodeStore

struct GroupSyncTests {
    private func run(_ sync: GroupSync, threads: Int, rounds: Int) -> (returned: Int, failed: Int) {
        let counts = Mutex((returned: 0, failed: 0))
        let group = DispatchGroup()
        for _ in 0..<threads {
            group.enter()
            Thread.detachNewThread {
                for _ in 0..<rounds {
                    let failed = (try? sync.sync()) == nil
                    counts.withLock {
                        $0.returned += 1
                        if failed { $0.failed += 1 }
                    }
                }
                group.leave()
            }
        }
        group.wait()
        return counts.withLock { $0 }
    }

    @Test(arguments: [GroupSync.Scope.fileSystem, .directory]) func everybodyReturns(scope: GroupSync.Scope) throws {
        let scratch = try StoreScratch()
        let sync = GroupSync(try Descriptor(scratch.path, 0), scope)
        let (returned, failed) = run(sync, threads: 8, rounds: 5)
        #expect(returned == 40 && failed == 0)
        #expect(sync.count >= 5 && sync.count <= 40)
    }

    @Test func everybodyHearsOfAFailure() throws {
        let sync = GroupSync(Descriptor(adopting: -1, path: "nowhere"), .directory)
        let (returned, failed) = run(sync, threads: 4, rounds: 3)
        #expect(returned == 12 && failed == 12)
        let error = #expect(throws: StoreError.self) { try sync.sync() }
        #expect(error?.kind == .io && error?.path == "nowhere" && error?.errno == EBADF)
    }

    /// Longest mount point wins; octal escapes are resolved.
    @Test func readsMountinfo() throws {
        let text = """
            1 0 8:1 / / rw - ext4 /dev/root rw
            2 1 8:2 / /mnt rw shared:1 - xfs /dev/sdb1 rw
            3 1 8:3 / /mnt/a\\040b rw master:1 propagate_from:2 - btrfs /dev/my\\040disk rw
            garbage
            """
        for (path, source, type) in [
            ("/x", "/dev/root", "ext4"), ("/mnt/d1", "/dev/sdb1", "xfs"), ("/mnt/a b/c", "/dev/my disk", "btrfs"),
            ("/mntx", "/dev/root", "ext4"),
        ] {
            #expect(
                try MountedFileSystem.of(path, mountinfo: text) == MountedFileSystem(source: source, type: type))
        }
    }
}
