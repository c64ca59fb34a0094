import NodeStore
import Testing

/// Places at which nothing can stand need not be looked at.
struct FreshDirectoryTests {
    @Test func aBucketThatWasEmptyWhenOpenedIsFree() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(mountpaths: 1)
        #expect(bucket.isSurelyFree(bucket.place("a")))
        try bucket.put("a")
        // Whoever put `a` knows; nobody else is told that it is not there.
        #expect(bucket.isSurelyFree(bucket.place("b")))
        let again = try StoreScratch.bucket("ais://imagenet", in: NodeStore.open(directory: bucket.store.directory))
        #expect(!again.isSurelyFree(again.place("b")))
    }

    @Test func aDirectoryIsFreeOnlyForWhoMadeIt() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(mountpaths: 1)
        #expect(!bucket.isSurelyFree(bucket.place("d/a")), "it is not there yet, and `state` says so at once")
        try bucket.put("d/a")
        #expect(bucket.isSurelyFree(bucket.place("d/b")))
        let again = try StoreScratch.bucket("ais://imagenet", in: NodeStore.open(directory: bucket.store.directory))
        try again.put("d/c")
        #expect(!again.isSurelyFree(again.place("d/b")))
        #expect(again.state("d/a").isPresent && again.state("d/b") == .absent)
    }

    @Test func eachMountpathIsJudgedByItself() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(mountpaths: 2)
        let names = (0..<20).map { "n\($0)" }
        let first = bucket.place(names[0]).mountpathIndex
        try bucket.put(names[0])
        let again = try StoreScratch.bucket("ais://imagenet", in: NodeStore.open(directory: bucket.store.directory))
        for place in names.map(again.place) { #expect(again.isSurelyFree(place) == (place.mountpathIndex != first)) }
    }
}
