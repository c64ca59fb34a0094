import Archive
import ArgumentParser
import Mover
import NodeStore
import ObjectModel

/// `aismove cat`: an object, or one member of a tar shard, to standard output.
struct CatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cat", abstract: "Write an object, or one member of a tar shard, to standard output.")

    @Argument(help: ArgumentHelp("The object, e.g. ais://imagenet/train-000000.tar.", valueName: "object"))
    var object: String

    @Option(help: ArgumentHelp("Only this member of the tar shard.", valueName: "name"))
    var member: String?

    @OptionGroup var storeFlags: StoreFlags

    func run() throws {
        let store = try storeFlags.open()
        let selected = try BucketSelection(object, in: store)
        guard selected.buckets.count == 1, !selected.prefix.isEmpty else {
            throw CommandFailure(.usage, "\(object): name one object, e.g. ais://imagenet/train-000000.tar")
        }
        let bucket = try store.openBucket(selected.buckets[0], sync: false)
        let placement = bucket.place(selected.prefix)
        let lom: LOM
        switch bucket.state(selected.prefix, at: placement) {
        case .present(let found, _): lom = found
        case .absent: throw CommandFailure(.missing, "\(object): no such object in the store")
        case .damaged(let reason): throw damaged(reason)
        case .blocked(let reason):
            throw CommandFailure(.verification, "\(object): \(reason); remove what stands in its place")
        }
        let reader = CheckedReader(try bucket.open(selected.prefix, at: placement), lom)
        let buffer = TransferBuffer(capacity: 1 << 20)
        let next: () throws -> TransferBuffer? = { try reader.fill(buffer) ? buffer : nil }
        do {
            if let member {
                try copyMember(member, of: selected.prefix, next: next)
            } else {
                while let filled = try next() { try filled.withBytes(Self.output) }
            }
        } catch let failure as ShardFailure {
            throw damaged(failure.reason)
        }
    }

    private func damaged(_ reason: String) -> CommandFailure {
        let remedy = "'aismove verify --repair', or the prefetch that moved it, fetches it again"
        return CommandFailure(.verification, "\(object): \(reason); \(remedy)")
    }

    private func copyMember(_ member: String, of name: String, next: () throws -> TransferBuffer?) throws {
        var finder = TarMemberFinder(name: member)
        do {
            let compression = Compression(tarName: name) ?? .none
            if compression == .none {
                while !finder.isComplete, let buffer = try next() {
                    try buffer.withBytes { try finder.feed($0, sink: Self.output) }
                }
            } else {
                try Decompressor(compression).run(
                    next: { try next()?.filled }, sink: { try finder.feed($0, sink: Self.output) })
            }
        } catch let error as TarError {
            throw CommandFailure(.verification, "\(object): \(error)")
        } catch let error as DecompressionError {
            throw CommandFailure(.verification, "\(object): \(error)")
        }
        guard finder.isComplete else {
            throw CommandFailure(.missing, "\(object): no member named '\(member)' in this shard")
        }
    }

    private static func output(_ bytes: RawSpan) throws {
        guard try StandardOutput.write(bytes) else { throw CodeOnly(code: 0) }
    }
}
