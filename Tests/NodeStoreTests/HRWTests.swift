import Hashing
import NodeStore
import ObjectModel
import Testing

struct HRWTests {
    @Test func mixesAsAIStoreDoes() throws {
        for pair in try #require(try vector("xoshiro256-hash.json").array) {
            let seed = try #require(UInt64(pair.text("seed"), radix: 16))
            #expect(Hex.encode(HRW.mix(seed)) == (try pair.text("hash")))
        }
    }

    @Test func placesOnMountpaths() throws {
        var placed = 0
        for set in try #require(try vector("hrw-mountpaths.json").array) {
            let mountpaths = try set.list("mountpaths").map { Mountpath(hostPath: try #require($0.string)) }
            for object in try set.list("placed") {
                let digest = HRW.digest(try object.text("uname"))
                #expect(Hex.encode(digest) == (try object.text("digest")))
                let index = try #require(HRW.mountpath(for: digest, among: mountpaths))
                #expect(mountpaths[index].aisPath == (try object.text("mountpath")))
                let ranked = HRW.ranked(for: digest, among: mountpaths)
                #expect(ranked.first == index)
                #expect(ranked.sorted() == Array(mountpaths.indices))
                placed += 1
            }
        }
        #expect(placed > 100)
    }

    @Test func placesOnTargets() throws {
        var placed = 0
        for set in try #require(try vector("hrw-targets.json").array) {
            let ids = try set.list("target_ids").map { try #require($0.string) }
            for object in try set.list("placed") {
                let digest = HRW.digest(try object.text("uname"))
                #expect(HRW.target(for: digest, among: ids) == (try object.text("target")))
                placed += 1
            }
        }
        #expect(placed > 100)
    }

    @Test func theHasherNeedsNoUname() throws {
        for object in try #require(try vector("uname-fqn.json").array) {
            let uri = try ObjectURI(parsing: object.text("cname"))
            var hasher = UnameHasher(try #require(uri.bucket))
            for _ in 0..<2 {
                #expect(Hex.encode(hasher.digest(uri.object)) == (try object.text("digest")))
                #expect(hasher.digest(Array(uri.object.utf8)) == hasher.digest(uri.object))
            }
            #expect(hasher.digest("") != hasher.digest("x"))
        }
    }

    @Test func nowhereToPlace() {
        #expect(HRW.mountpath(for: 1, among: []) == nil)
        #expect(HRW.target(for: 1, among: []) == nil)
        #expect(HRW.ranked(for: 1, among: []).isEmpty)
    }

    @Test(arguments: [
        ("/ais/mp1/", "/ais/mp1"), ("//ais/./mp1/../mp2", "/ais/mp2"), ("/..", "/"), ("", "."), ("a/../..", ".."),
        ("/a//b", "/a/b"), ("../a/.", "../a"),
    ])
    func mountpathsAreCleaned(_ path: String, _ clean: String) {
        #expect(Mountpath(hostPath: path).hostPath == clean)
        #expect(Mountpath(hostPath: path).digest == HRW.digest(clean))
        #expect(Mountpath(hostPath: "/x", aisPath: path).aisPath == clean)
    }
}
