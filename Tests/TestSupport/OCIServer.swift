import Foundation

/// The Object Storage server of `Tests/Servers/oci_oracle.py`: signatures are verified by Oracle's own code.
///
/// Its configuration file has the profiles DEFAULT (an API key), ENC (an encrypted one) and SESSION (a token).
public final class OCIServer: Sendable {
    public let port: Int
    /// The configuration file it wrote.
    public let configuration: String
    private let scratch: ScratchDirectory
    private let process: ServerProcess

    /// - Parameters:
    ///   - folders: bucket → directory whose files are its objects.
    ///   - options: of the script: `--page 7`, `--no-md5`, `--skew 300` …
    public init(_ folders: [String: String], options: [String] = []) throws {
        port = try ServerProcess.freePort()
        scratch = try TestSupport.scratch("oci")
        configuration = "\(scratch.path)/config"
        var arguments = [
            "\(TestSupport.repositoryRoot)/Tests/Servers/oci_oracle.py", "--port", String(port),
            "--data", "\(scratch.path)/data", "--config", configuration,
        ]
        for (bucket, folder) in folders.sorted(by: { $0.key < $1.key }) {
            arguments += ["--serve", "\(bucket)=\(folder)"]
        }
        process = try ServerProcess(TestSupport.python, arguments + options, ready: .line("ready"))
    }

    public var endpoint: String { "http://127.0.0.1:\(port)" }

    /// The folder of its keys: `oci_api_key.pem`, `oci_session_key.pem`, `oci_token`.
    public var folder: String { scratch.path }

    /// A value of a profile.
    public func value(_ key: String, of profile: String = "DEFAULT") throws -> String {
        let text = try String(contentsOfFile: configuration, encoding: .utf8)
        var section = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("[") { section = String(line.dropFirst().dropLast()) }
            if section == profile, line.hasPrefix("\(key)=") { return String(line.dropFirst(key.count + 1)) }
        }
        throw TestSupportError("no \(key) of \(profile)")
    }

    /// Stores an object, or another in its place; signed with the key of DEFAULT.
    public func put(_ bucket: String, _ name: String, _ bytes: [UInt8]) throws {
        let send = """
            import base64, email.utils, http.client, sys
            from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
            from cryptography.hazmat.primitives.hashes import SHA256
            from cryptography.hazmat.primitives.serialization import load_pem_private_key
            port, path, user, key = sys.argv[1:]
            date, host = email.utils.formatdate(usegmt=True), "127.0.0.1:" + port
            text = f"date: {date}\\n(request-target): put {path}\\nhost: {host}"
            signature = load_pem_private_key(open(key, "rb").read(), None).sign(text.encode(), PKCS1v15(), SHA256())
            fields = f'Signature version="1",keyId="{user}",algorithm="rsa-sha256",' \\
                f'headers="date (request-target) host",signature="{base64.b64encode(signature).decode()}"'
            connection = http.client.HTTPConnection(host)
            connection.request("PUT", path, sys.stdin.buffer.read(), {"Date": date, "Authorization": fields})
            answer = connection.getresponse()
            sys.exit(None if answer.status == 200 else str(answer.status) + answer.read().decode())
            """
        let user = try [value("tenancy"), value("user"), value("fingerprint")].joined(separator: "/")
        try TestSupport.runChecked(
            TestSupport.python,
            ["-c", send, "\(port)", "/n/testns/b/\(bucket)/o/\(name)", user, try value("key_file")],
            input: Data(bytes))
    }

    /// Variables of a machine whose metadata and federation services are this server's.
    public var instance: [String: String] {
        ["OCI_METADATA_BASE_URL": "\(endpoint)/opc/v2/", "OCI_SDK_AUTH_CLIENT_REGION_URL": endpoint]
    }

    /// Tokens given to the machine so far, and why others were refused.
    public func tokens() throws -> (issued: Int, refused: [String]) {
        let text = try TestSupport.runChecked("curl", ["-sf", "--noproxy", "*", "\(endpoint)/oracle/stats"]).stdout
        let all = try JSONSerialization.jsonObject(with: text) as? [String: Any] ?? [:]
        return (all["issued"] as? Int ?? 0, all["token_refused"] as? [String] ?? [])
    }

    /// Forgets the tokens that were given to the machine.
    public func revoke() throws {
        try TestSupport.runChecked("curl", ["-sf", "--noproxy", "*", "\(endpoint)/oracle/revoke"])
    }

    public func stop() { process.stop() }
}
