import ArgumentParser
import Backends
import Mover
import NodeStore
import ObjectModel
import Planner

/// Every error that may reach the top, as one message and one exit code.
struct ErrorReport {
    let code: Mover.ExitCode
    let message: String

    /// Nil for errors of the argument parser.
    init?(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: (code, message) = (failure.code, failure.message)
        case let failure as RunError: (code, message) = (failure.code, failure.message)
        case let failure as StoreError: (code, message) = (Self.code(of: failure.kind), "\(failure)")
        case let failure as PlanError: (code, message) = (.usage, "\(failure)")
        case let failure as SourceError: (code, message) = (.usage, "\(failure)")
        case let failure as JobError: (code, message) = (.usage, "\(failure)")
        case let failure as ListError: (code, message) = (.usage, "\(failure)")
        case let failure as LockError: (code, message) = (.usage, "\(failure)")
        case let failure as NameError: (code, message) = (.usage, "\(failure)")
        case let failure as BackendError: (code, message) = (Self.code(of: failure.kind), "\(failure)")
        case let failure as TransportError:
            (code, message) = (failure.kind == .credentialFile ? .usage : .someFailed, "\(failure)")
        default: return nil
        }
    }

    private static func code(of kind: BackendError.Kind) -> Mover.ExitCode {
        switch kind {
        case .usage: .usage
        case .credentials, .refused, .noBucket: .refused
        case .unreachable: .someFailed
        case .incompleteListing: .incomplete
        case .cancelled: .interrupted
        }
    }

    private static func code(of kind: StoreError.Kind) -> Mover.ExitCode {
        switch kind {
        case .usage: .usage
        case .locked: .locked
        case .space: .noSpace
        case .name, .conflict: .someFailed
        case .notAStore, .unreadable, .unknownFormat, .clusterOwned, .mountpath, .bucketRemoved, .io: .store
        }
    }
}
