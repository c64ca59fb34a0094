import Foundation
import NodeStore
import ObjectModel
import Testing

struct BMDRepairTests {
    private func file(_ store: NodeStore, _ index: Int, _ name: String = ".ais.bmd") -> URL {
        URL(filePath: "\(store.mountpaths[index].hostPath)/\(name)")
    }

    private func register(_ uris: [String], _ store: NodeStore) throws -> [BMDBucket] {
        try store.register(uris.map { BucketRequest(try BMDTests.bucket($0)) }, now: 7)
    }

    @Test func registersInOneWriteAndReplicates() throws {
        let scratch = try StoreScratch()
        let store = try scratch.store()
        let before = try Data(contentsOf: file(store, 0))
        let buckets = try register(["ais://a", "s3://#ns/b", "ht://c"], store)
        #expect(buckets.map(\.bid) == [1 << 63 | 1, 2, 3])
        #expect(try register(["ht://c", "ais://a"], store).map(\.bid) == [3, 1 << 63 | 1])
        #expect(try store.loadBMD().bmd.version == 4)
        #expect(try Data(contentsOf: file(store, 0)) == Data(contentsOf: file(store, 1)))
        #expect(try Data(contentsOf: file(store, 0, ".ais.bmd.prev")) == before)
        for mountpath in store.mountpaths {
            let tree = Set(StoreScratch.tree(mountpath.hostPath))
            for content in ContentType.allCases {
                #expect(tree.contains("@ais/a/\(content.rawValue)"))
                #expect(tree.contains("@aws/#ns/b/\(content.rawValue)"))
            }
            #expect(!tree.contains { $0.contains("tmp.") })
        }
        let decoded = try IndependentDecoderTests.ask(
            "r = aisdisk.jsp_read('/dev/stdin'); print(json.dumps([r['ok'], r['metaver'], r['val']]))",
            input: Array(try Data(contentsOf: file(store, 1))))
        #expect(decoded[0] == true && decoded[1] == 2 && decoded[2]?["version"] == "4")
    }

    @Test func registeringMakesMissingDirectoriesAgain() throws {
        let scratch = try StoreScratch()
        let store = try scratch.store()
        let buckets = try register(["ais://a"], store)
        try FileManager.default.removeItem(atPath: store.mountpaths[1].hostPath + "/@ais")
        #expect(BucketStore.kind { _ = try store.openBucket(buckets[0]) } == .bucketRemoved)
        #expect(try register(["ais://a"], store) == buckets)
        _ = try store.openBucket(buckets[0])
    }

    @Test func repairsStaleDamagedAndMissingCopies() throws {
        let scratch = try StoreScratch()
        let store = try scratch.store()
        let stale = try Data(contentsOf: file(store, 0))
        _ = try register(["ais://a"], store)
        let current = try Data(contentsOf: file(store, 1))
        for (content, word) in [(stale, "stale"), (current.dropLast(3), "damaged"), (Data(), "metadata file")] {
            try content.write(to: file(store, 0))
            let (bmd, repairs) = try store.loadBMD()
            #expect(bmd.version == 2)
            #expect(repairs.count == 1 && repairs[0].contains(word) && repairs[0].hasSuffix("repaired"))
            #expect(try Data(contentsOf: file(store, 0)) == current)
            #expect(try store.loadBMD().repairs.isEmpty)
        }
        try FileManager.default.removeItem(at: file(store, 1))
        #expect(try store.loadBMD().repairs.count == 1)
        // A third copy is nobody's duty, but a stale one must not stay.
        try stale.write(to: file(store, 2))
        #expect(try store.loadBMD().repairs.count == 1)
        #expect(try Data(contentsOf: file(store, 2)) == current)
    }

    @Test func refusesWhatCannotBeDecided() throws {
        let scratch = try StoreScratch()
        let store = try scratch.store()
        let current = try Data(contentsOf: file(store, 0))
        let bmd = try store.loadBMD().bmd
        func expect(_ kind: StoreError.Kind, _ content: Data, _ words: [String]) throws {
            try content.write(to: file(store, 1))
            let error = #expect(throws: StoreError.self) { try store.loadBMD() }
            #expect(error?.kind == kind)
            for word in words { #expect(error?.description.contains(word) == true, "\(word)") }
            #expect(BucketStore.kind { _ = try register(["ais://x"], store) } == kind)
            #expect(try Data(contentsOf: file(store, 1)) == content)
        }
        let both = store.mountpaths.prefix(2).map { $0.hostPath + "/.ais.bmd" }
        var other = BMD(uuid: bmd.uuid)
        other.add(BucketRequest(try BMDTests.bucket("ais://z")), created: 1)
        var root = other.root
        root["version"] = "1"
        try expect(.unreadable, Data(JSP.encode(root, kind: .bmd)), both)
        try expect(.unreadable, Data(BMD(uuid: "Zbcdefghi").encoded()), both + ["Zbcdefghi"])
        var unknown = current
        unknown[11] = 9
        try expect(.unknownFormat, unknown, [both[1], "meta-version 9"])
        try Data("x".utf8).write(to: file(store, 0))
        try expect(.unreadable, Data("y".utf8), [".ais.bmd.prev"])
        for index in 0...1 { try FileManager.default.removeItem(at: file(store, index)) }
        #expect(BucketStore.kind { _ = try store.loadBMD() } == .unreadable)
    }

    /// Two stores opened on their own, many threads, different buckets: all are in the BMD, each with its own ID.
    @Test func registersFromManyThreadsAtOnce() async throws {
        let scratch = try StoreScratch()
        _ = try scratch.store()
        let directory = scratch.path + "/store"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<4 {
                group.addTask {
                    let store = try NodeStore.open(directory: directory)
                    for index in 0..<5 {
                        let bucket = try Bucket(provider: .ais, name: "b\(lane)-\(index)")
                        _ = try store.register([BucketRequest(bucket)], now: 1)
                        #expect(try store.loadBMD().bmd.find(bucket) != nil)
                    }
                }
            }
            try await group.waitForAll()
        }
        let bmd = try NodeStore.open(directory: directory).loadBMD().bmd
        #expect(bmd.buckets.count == 20 && bmd.version == 21)
        #expect(Set(bmd.buckets.map(\.bid)).count == 20)
    }

    /// A process killed while it holds the lock holds it no more; one that lives makes others wait.
    @Test func waitsForAnotherProcess() throws {
        let scratch = try StoreScratch()
        let store = try scratch.store()
        let bucket = try BMDTests.bucket("ais://a")
        let held = try store.lockRuns([bucket], policy: .fail)
        withExtendedLifetime(held) {}
        let script =
            "import fcntl,sys,time; f=open(sys.argv[1]); fcntl.flock(f,2); print('x',flush=True); time.sleep(60)"
        let process = Process()
        process.executableURL = URL(filePath: IndependentDecoderTests.python)
        process.arguments = ["-c", script, store.mountpaths[0].hostPath + "/.aismove/store.lock"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        _ = output.fileHandleForReading.availableData
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            _ = try? store.register([BucketRequest(bucket)], now: 1)
            done.signal()
        }
        #expect(done.wait(timeout: .now() + 0.3) == .timedOut)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        done.wait()
        #expect(try store.loadBMD().bmd.find(bucket) != nil)
    }
}
