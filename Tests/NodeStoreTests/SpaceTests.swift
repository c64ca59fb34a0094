import Foundation
import NodeStore
import ObjectModel
import Testing

/// A full disk is told apart from metadata that does not fit, and leaves nothing behind.
struct SpaceTests {
    private func fill(_ point: String, _ scratch: StoreScratch) throws {
        let store = try NodeStore.initialise(directory: scratch.path + "/store", mountpaths: [(point, nil)])
        let bucket = try StoreScratch.bucket("ais://imagenet", in: store)
        try bucket.put("first", [UInt8](repeating: 1, count: 100_000))
        let before = try store.space(mountpath: 0).free
        let piece = [UInt8](repeating: 7, count: 65_536)
        do {
            let workfile = try bucket.createWorkfile(for: "big", at: bucket.place("big"))
            let error = #expect(throws: StoreError.self) {
                for _ in 0..<1_000 { try workfile.append(piece.span.bytes) }
            }
            #expect(error?.kind == .space && error?.errno == ENOSPC)
        }
        #expect(bucket.workfiles.isEmpty && bucket.state("big") == .absent)
        #expect(try store.space(mountpath: 0).free >= before - 65_536)
        #expect(bucket.state("first").isPresent)
        try bucket.put("small", [1])
        #expect(try bucket.names() == ["first", "small"])
    }

    @Test func aFullTmpfs() throws {
        let scratch = try StoreScratch()
        guard let point = try scratch.mount("t", type: "tmpfs", options: "size=2m") else { return }
        try fill(point, scratch)
    }

    @Test func aFullExt4() throws {
        let scratch = try StoreScratch()
        let image = scratch.path + "/image"
        let mkfs = "/usr/sbin/mkfs.ext4"
        guard getuid() == 0, FileManager.default.fileExists(atPath: mkfs) else { return }
        try Data().write(to: URL(filePath: image))
        truncate(image, 8 << 20)
        guard try StoreScratch.run(mkfs, ["-q", "-F", "-b", "4096", image]) == 0,
            let point = try scratch.mount("e", type: "ext4", options: "loop", source: image)
        else { return }
        try fill(point, scratch)
        // ext4 says ENOSPC for an attribute that does not fit beside what is there: not a full disk.
        let store = try NodeStore.open(directory: scratch.path + "/store")
        let bucket = try StoreScratch.bucket("ais://imagenet", in: store)
        let workfile = try bucket.staged("crowded", [1])
        let script = "import os,sys; os.setxattr(sys.argv[1], 'user.other', b'x' * 3000)"
        #expect(try StoreScratch.run(IndependentDecoderTests.python, ["-c", script, workfile.path]) == 0)
        var lom = BucketStore.lom([1])
        lom.custom["k"] = String(repeating: "v", count: 1_500)
        let error = #expect(throws: StoreError.self) { try workfile.commit(lom) }
        #expect(error?.kind == .name && error?.message.contains("metadata too large") == true)
        #expect(bucket.workfiles.isEmpty && bucket.state("crowded") == .absent)
    }

    @Test func severalFileSystems() throws {
        let scratch = try StoreScratch()
        var paths: [(host: String, ais: String?)] = []
        for index in 1...3 {
            guard let point = try scratch.mount("m\(index)", type: "tmpfs", options: "size=4m") else { return }
            paths.append((point, "/ais/mp\(index)"))
        }
        let store = try NodeStore.initialise(directory: scratch.path + "/store", mountpaths: paths)
        let bucket = try StoreScratch.bucket("ais://imagenet", in: store, copies: 2)
        let batch = SmallBatch()
        for index in 0..<20 {
            let workfile = try bucket.staged("d/\(index)", [UInt8(index)])
            try workfile.seal(BucketStore.lom([UInt8(index)]))
            batch.add(workfile)
        }
        #expect(batch.commit().allSatisfy { $0.error == nil })
        #expect(try bucket.usage().objects == 20)
        #expect(bucket.state("d/3").lom?.copies.allSatisfy { $0.hasPrefix("/ais/mp") } == true)
    }
}
