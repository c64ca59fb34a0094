import Foundation
import TestSupport

/// A server of one provider that checks who asks, as a run needs it told. Its bucket `data` has 30 objects below `many/`,
/// which come in pages.
struct ProviderSite: Sendable {
    static let many = (0..<30).map { "many/\(100 + $0)" }

    /// `gs`
    let scheme: String
    /// The directory of provider and bucket below a mountpath, as AIS names it.
    let directory: String
    let endpoint: String
    let environment: [String: String]
    /// Stores an object, or another in its place.
    let put: @Sendable (_ name: String, _ text: String) throws -> Void
    /// The environment with a key that nobody gave out, written to this folder, and what of it must never be told.
    let refused: @Sendable (ScratchDirectory) throws -> (environment: [String: String], secret: String)

    var bucket: String { "\(scheme)://data" }

    static func shared(_ scheme: String) throws -> ProviderSite {
        switch scheme {
        case "gs": try google.get()
        case "az": try azure.get()
        default: try oracle.get()
        }
    }

    private static func fill(_ data: ScratchDirectory) throws {
        for name in many { try data.write("data/\(name)", "<\(name)>") }
    }

    private static func newKey() throws -> String {
        try TestSupport.runChecked("openssl", ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]).out
    }

    /// A line from the middle of a PEM text.
    private static func line(of pem: String) -> String { String(pem.split(separator: "\n")[5]) }

    private static let google = Result {
        let server = try GCSServer(fill)
        let account = try Data(contentsOf: URL(fileURLWithPath: server.accountFile))
        return ProviderSite(
            scheme: "gs", directory: "gcp/@#/data", endpoint: server.url,
            environment: ["GOOGLE_APPLICATION_CREDENTIALS": server.accountFile, "NO_GCE_CHECK": "true"],
            put: { try server.put("data", $0, Array($1.utf8)) },
            refused: { scratch in
                var fields = try JSONSerialization.jsonObject(with: account) as? [String: Any] ?? [:]
                let key = try newKey()
                fields["private_key"] = key
                let file = try scratch.write("account.json", JSONSerialization.data(withJSONObject: fields))
                return (["GOOGLE_APPLICATION_CREDENTIALS": file, "NO_GCE_CHECK": "true"], line(of: key))
            })
    }

    private static let azure = Result {
        let server = try AzureServer(containers: ["data"], options: ["--page", "20"], fill)
        let sas = try AzureServer.sas("data", "rwl")
        let account = ["AZURE_STORAGE_ACCOUNT": AzureServer.account]
        return ProviderSite(
            scheme: "az", directory: "azure/@#/data", endpoint: server.url,
            environment: account.merging(["AZURE_STORAGE_KEY": AzureServer.key]) { $1 },
            put: { try server.put("data", $0, Array($1.utf8), sas: sas) },
            refused: { _ in
                let key = Data("a key that nobody gave out".utf8).base64EncodedString()
                return (account.merging(["AZURE_STORAGE_KEY": key]) { $1 }, key)
            })
    }

    private static let oracle = Result {
        let data = try TestSupport.scratch("oci-objects")
        try fill(data)
        let server = try OCIServer(["data": "\(data.path)/data"], options: ["--page", "9"])
        let files = data
        return ProviderSite(
            scheme: "oc", directory: "oci/@#/data", endpoint: server.endpoint,
            environment: ["OCI_CLI_CONFIG_FILE": server.configuration],
            put: { [files] in
                _ = files
                try server.put("data", $0, Array($1.utf8))
            },
            refused: { scratch in
                let key = try newKey()
                let file = try scratch.write("key.pem", key)
                let text = try String(contentsOfFile: server.configuration, encoding: .utf8)
                    .replacing("key_file=\(try server.value("key_file"))", with: "key_file=\(file)")
                return (["OCI_CLI_CONFIG_FILE": try scratch.write("oci-config", text)], line(of: key))
            })
    }
}

extension Scene {
    /// A store whose commands reach the provider's server with its keys.
    convenience init(_ site: ProviderSite) throws {
        try self.init()
        environment.merge(site.environment) { $1 }
    }
}
