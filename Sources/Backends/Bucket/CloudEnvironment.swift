import Foundation

/// What providers read besides their buckets: environment variables, files in the home directory, the network, the clock.
/// Tests give their own.
public struct CloudEnvironment: Sendable {
    public var variables: [String: String]
    /// `~`.
    public var home: String
    public var network: NetworkOptions
    public var retry: RetryPolicy
    /// Seconds since 1970.
    public var now: @Sendable () -> Double
    /// Whether the run was stopped.
    public var stopped: @Sendable () -> Bool
    /// Told of each request that will be asked again.
    public var onRetry: PatientLane.RetryObserver

    public init(
        variables: [String: String] = ProcessInfo.processInfo.environment, home: String? = nil,
        network: NetworkOptions, retry: RetryPolicy,
        now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 },
        stopped: @escaping @Sendable () -> Bool = { false },
        onRetry: @escaping PatientLane.RetryObserver = { _ in }
    ) {
        self.variables = variables
        self.home = home ?? variables["HOME"] ?? "/"
        self.network = network
        self.retry = retry
        self.now = now
        self.stopped = stopped
        self.onRetry = onRetry
    }

    /// A variable that is set to something.
    public func variable(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// A lane for requests that matter for a whole run; belongs to the calling thread.
    public func makeLane() -> PatientLane {
        PatientLane(network, policy: retry, stopped: stopped, onRetry: onRetry)
    }

    /// A lane for a link-local metadata service: no proxy, no retries, short waits.
    public func makeMetadataLane() -> PatientLane {
        var network = NetworkOptions()
        network.noProxy = ["*"]
        network.connectTimeout = 1
        network.timeout = 5
        return PatientLane(network, policy: RetryPolicy(retries: 1), stopped: stopped)
    }
}
