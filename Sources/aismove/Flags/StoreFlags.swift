import ArgumentParser
import Foundation
import Mover
import NodeStore
import Planner

/// Which store a command works on.
struct StoreFlags: ParsableArguments {
    @Option(
        name: .customLong("store"),
        help: ArgumentHelp("The store that 'aismove store init DIR' made. Default: $AISMOVE_STORE.", valueName: "dir"))
    var directory: String?

    /// The store's directory; nil where nothing names it.
    /// - Parameter job: names the store where no flag does.
    func named(job: Job? = nil) -> String? {
        let named = directory ?? job?.store?.value ?? ProcessInfo.processInfo.environment["AISMOVE_STORE"]
        return named?.isEmpty == true ? nil : named
    }

    /// - Parameter job: names the store where no flag does.
    func open(job: Job? = nil) throws -> NodeStore {
        guard let directory = named(job: job) else {
            throw CommandFailure(
                .usage, "no store named: give --store DIR or set AISMOVE_STORE ('aismove store init DIR' makes one)")
        }
        do {
            return try NodeStore.open(directory: directory)
        } catch {
            guard error.kind == .mountpath else { throw error }
            // Not a wrong flag, as it is to `store init`: the store's own mountpath is not there.
            throw CommandFailure(.store, "\(error)")
        }
    }
}
