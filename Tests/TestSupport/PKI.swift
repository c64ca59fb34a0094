/// Certificates of a test CA: a server's, a client's, an expired one, one for another host. Made once per process.
public struct PKI: Sendable {
    public let directory: String
    private let scratch: ScratchDirectory

    public static let shared = Result { try PKI() }

    private init() throws {
        scratch = try TestSupport.scratch("pki")
        directory = scratch.path
        try TestSupport.runChecked("/bin/sh", ["\(TestSupport.repositoryRoot)/Tests/Servers/mkca.sh", directory])
    }

    public var caFile: String { "\(directory)/ca.crt" }
    public var clientCertificate: String { "\(directory)/client.crt" }
    public var clientKey: String { "\(directory)/client.key" }
}
