import Backends
import Mover
import Planner

/// What the words of a command ask for: sources, or one job file with its own.
struct RunRequest {
    /// Nil when the words are sources.
    let job: Job?
    let sources: [Source]

    /// - Parameter mayBeEmpty: something else says the sources (a lock).
    init(_ flags: SourceFlags, mayBeEmpty: Bool = false) throws {
        guard let file = try flags.jobFile() else {
            job = nil
            sources = mayBeEmpty && !flags.isGiven ? [] : try flags.understand()
            return
        }
        let rule = try flags.missingRule()
        var understood = try JobSpec.read(file: file).understand { flags.override(&$0, missing: rule) }
        do {
            for index in understood.sources.indices { try understood.sources[index].readHeaders() }
        } catch {
            throw CommandFailure(.usage, "\(file): \(error)")
        }
        job = understood
        sources = understood.sources
    }

    /// How servers are reached, before the flags have their say.
    var network: NetworkOptions { RunOptions(job: job).network }

    /// The files that it reads.
    var files: [NamedFile] {
        var files = job.map { [NamedFile("the job file", $0.file)] } ?? []
        for spec in sources.map(\.spec) {
            if let list = spec.from, list != "-" { files.append(NamedFile("the list of a source", list)) }
            files += spec.digests.map { NamedFile("a list of digests", $0) }
        }
        return files
    }

    /// Shards that the sources name; nil where that is not known.
    var total: Int? {
        sources.map(\.count).reduce(0 as Int?) { sum, count in
            guard let sum, let count, count < Int.max - sum else { return nil }
            return sum + count
        }
    }
}
