import TestSupport
import Testing

/// What lanes may take does not wait behind what they may not.
struct LaneOrderTests {
    /// Which lane gets the first shard is chance: where it is the one that takes small objects, the small one waits.
    @Test(arguments: 0..<4)
    func aSmallObjectThatWaitsHoldsUpNoShard(_ round: Int) throws {
        let scene = try Scene(mountpaths: 1)
        var list = "url,name,size\n"
        for (name, size) in [
            ("big0", 4 << 20), ("small1", 4096), ("big1", 1 << 20), ("small2", 4096), ("big2", 1 << 20),
        ] {
            try scene.put(name, Scene.bytes(size))
            list += "\(scene.url(name, fault: name == "big0" ? "slow" : nil)),\(name),\(size)\n"
        }
        let file = try scene.scratch.write("list.csv", list)
        let run = try scene.reported(
            "prefetch", ["--from", file, "--to", "ais://b", "--skip-lookup", "--lanes", "2"])
        #expect(run.status == 0 && run.counts == ["moved": 5], run.said)
        // The server logs a request when it ends; the first shard takes it four seconds.
        let ended = try scene.requests(5).map(\.target)
        let last = ended.lastIndex { $0.hasSuffix("/big0") } ?? 0
        #expect(ended[..<last].filter { $0.hasSuffix("/big1") || $0.hasSuffix("/big2") }.count == 2, "\(ended)")
        #expect(try scene.disk().problems == [])
    }

    /// Nor do small ones wait for a shard that the lane for them streams, which is chance again.
    @Test(arguments: 0..<3)
    func aShardHoldsUpNoSmallObjects(_ round: Int) throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("big", Scene.bytes(4 << 20))
        var list = "url,name,size\n\(scene.url("big", fault: "slow")),big,\(4 << 20)\n"
        for number in 0..<100 {
            try scene.put("small\(number)", Scene.bytes(1024))
            list += "\(scene.url("small\(number)")),small\(number),1024\n"
        }
        let file = try scene.scratch.write("list.csv", list)
        let run = try scene.reported(
            "prefetch", ["--from", file, "--to", "ais://b", "--skip-lookup", "--lanes", "2"])
        #expect(run.status == 0 && run.counts == ["moved": 101], run.said)
        #expect(try scene.requests(101).last?.target.hasSuffix("/big") == true)
    }
}
