import Foundation

/// `azure_oracle.py`: a small blob server that checks signatures with Microsoft's own code, and gives out tokens.
public final class AzureServer: Sendable {
    public static let account = "moveracct"
    public static let key = Data(String(repeating: "0123456789abcdef", count: 4).utf8).base64EncodedString()
    /// Tenant, client and secret that get a token.
    public static let application = [
        "AZURE_TENANT_ID": "tenant-id", "AZURE_CLIENT_ID": "client-id", "AZURE_CLIENT_SECRET": "client-secret",
    ]

    /// Without a path: where tokens are.
    public let origin: String
    /// As emulators have it, the account in the path.
    public var url: String { "\(origin)/\(Self.account)" }
    /// As the cloud has it, the account in the host's name.
    public let hostURL: String

    private let data: ScratchDirectory
    private let scratch: ScratchDirectory
    private let process: ServerProcess

    /// - Parameters:
    ///   - containers: each a folder that `fill` writes to.
    ///   - options: the program's own.
    public init(
        containers: [String], options: [String] = [], _ fill: (ScratchDirectory) throws -> Void
    ) throws {
        data = try TestSupport.scratch("azure-data")
        scratch = try TestSupport.scratch("azure")
        try fill(data)
        let port = try ServerProcess.freePort()
        var arguments = [
            "\(TestSupport.repositoryRoot)/Tests/Servers/azure_oracle.py", "--port", "\(port)", "--data", scratch.path,
        ]
        for container in containers { arguments += ["--serve", "\(container)=\(data.path)/\(container)"] }
        process = try ServerProcess(TestSupport.python, arguments + options, ready: .line("ready"))
        origin = "http://127.0.0.1:\(port)"
        hostURL = "http://\(Self.account).localhost:\(port)"
    }

    /// A shared access signature of one container, made by Microsoft's code.
    public static func sas(_ container: String, _ permission: String, seconds: Int = 3600) throws -> String {
        let make = """
            import datetime, sys
            from azure.storage.blob import generate_container_sas as make
            account, key, container, permission, seconds = sys.argv[1:]
            end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=int(seconds))
            print(make(account, container, account_key=key, permission=permission, expiry=end))
            """
        let made = try TestSupport.runChecked(
            TestSupport.python, ["-c", make, account, key, container, permission, "\(seconds)"])
        return made.out.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Stores a blob, or another in its place.
    /// - Parameter sas: allows reading and writing.
    public func put(_ container: String, _ name: String, _ bytes: [UInt8], sas: String) throws {
        try TestSupport.runChecked(
            "curl",
            [
                "-sf", "--noproxy", "*", "-X", "PUT", "-H", "x-ms-blob-type: BlockBlob", "--data-binary", "@-",
                "\(url)/\(container)/\(name)?\(sas)",
            ], input: Data(bytes))
    }

    /// Requests let in so far, by what let them in: `SharedKey`, `SAS`, `Bearer`, `anonymous`.
    public func letIn() throws -> [String: Int] {
        let text = try TestSupport.runChecked("curl", ["-sf", "--noproxy", "*", "\(origin)/oracle/stats"]).stdout
        let all = try JSONSerialization.jsonObject(with: text) as? [String: Any] ?? [:]
        return all["by_auth"] as? [String: Int] ?? [:]
    }

    /// Forgets all tokens that were given out.
    public func revoke() throws {
        try TestSupport.runChecked("curl", ["-sf", "--noproxy", "*", "\(origin)/oracle/revoke"])
    }
}
