import Backends
import Planner

extension RunOptions {
    /// The defaults, and what the job says otherwise.
    public init(job: Job?) {
        self.init()
        guard let job else { return }
        self.job = job.name
        take(job.latest, \.latest)
        take(job.skipLookup, \.skipLookup)
        take(job.durable, \.durable)
        take(job.onLocked, \.onLocked)
        take(job.verify.tar, \.tarCheck)
        take(job.verify.digest.map { $0 == .required }, \.requireDigest)
        take(job.verify.mismatch, \.digestMismatch)
        take(job.verify.sidecar.map(\.rawValue), \.sidecar)
        take(job.transfer.lanes, \.lanes)
        take(job.transfer.limitRate, \.limitRate)
        take(job.transfer.limitRequests, \.limitRequests)
        take(job.transfer.retries, \.retries)
        network = NetworkOptions(job: job)
    }

    private mutating func take<Value>(_ value: Value?, _ place: WritableKeyPath<RunOptions, Value>) {
        if let value { self[keyPath: place] = value }
    }

    private mutating func take<Value>(_ value: Value?, _ place: WritableKeyPath<RunOptions, Value?>) {
        if let value { self[keyPath: place] = value }
    }
}

extension NetworkOptions {
    /// The defaults, and what the job says otherwise.
    init(job: Job) {
        self.init()
        let network = job.network
        proxy = network.proxy?.value
        noProxy = network.noProxy?.map(\.value) ?? []
        caFile = network.caFile?.value
        certificateFile = network.certificateFile?.value
        keyFile = network.keyFile?.value
        insecureHosts = Set(network.insecureHosts?.map(\.value) ?? [])
        netrcFile = network.netrcFile?.value
        timeout = job.transfer.timeout
        stallTimeout = job.transfer.stallTimeout ?? stallTimeout
    }
}
