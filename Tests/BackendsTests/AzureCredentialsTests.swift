import Foundation
import Hashing
import Testing

@testable import Backends

/// Who we are to Azure, and where: no network.
@Suite struct AzureCredentialsTests {
    private static let key = Base64.encode(Array("secret key".utf8))
    private static let key2 = Base64.encode(Array("another".utf8))
    private let string = "DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=\(key);EndpointSuffix=core.example;"

    private func find(_ variables: [String: String], isAnonymous: Bool = false) throws -> AzureIdentity {
        try AzureIdentity.find(.test(variables), isAnonymous: isAnonymous)
    }

    private func endpoint(_ variables: [String: String], _ flag: String? = nil) throws -> AzureEndpoint {
        try AzureEndpoint.find(flag, find(variables), .test(variables))
    }

    @Test func connectionStrings() throws {
        let full = try AzureConnectionString(string)
        #expect(full.account == "acc" && full.key == Array("secret key".utf8) && full.sas == nil)
        #expect(full.endpoint == "https://acc.blob.core.example")
        let sas = try AzureConnectionString(" blobendpoint = http://h/x ;SharedAccessSignature=?sv=1&sig=a%3D")
        #expect(sas.endpoint == "http://h/x" && sas.sas == "sv=1&sig=a%3D" && sas.account == nil)
        let emulator = try AzureConnectionString("UseDevelopmentStorage=true")
        #expect(emulator.account == "devstoreaccount1" && emulator.key?.count == 64)
        #expect(emulator.endpoint == "http://127.0.0.1:10000/devstoreaccount1")
        for bad in [
            "nothing", "AccountName=a;hidden", "AccountName=a;AccountKey=hidden",
            "SharedAccessSignature=sv=1&sig=hidden",
            "AccountName=a;SharedAccessSignature=hidden",
        ] {
            let error = #expect(throws: BackendError.self) { try AzureConnectionString(bad) }
            #expect(error?.kind == .credentials && error?.description.contains("hidden") == false)
        }
    }

    /// Each leaves out what stands before it in the order.
    @Test func theFirstOfTheOrderCounts() throws {
        var variables = [
            AzureConnectionString.variable: string, "AZURE_STORAGE_ACCOUNT": "other", "AZURE_STORAGE_KEY": Self.key2,
            "AZURE_STORAGE_SAS_TOKEN": "?sv=1&sig=2", "AZURE_CLIENT_SECRET": "s", "AZURE_TENANT_ID": "t",
            "AZURE_CLIENT_ID": "c", "AZURE_FEDERATED_TOKEN_FILE": "/f", "IDENTITY_ENDPOINT": "http://i/token",
            "IDENTITY_HEADER": "h", "AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://imds/",
        ]
        let url = "https://login.microsoftonline.com/t/oauth2/v2.0/token"
        let order: [(String, AzureCredentials)] = [
            (AzureConnectionString.variable, .key(Array("secret key".utf8))),
            ("AZURE_STORAGE_KEY", .key(Array("another".utf8))), ("AZURE_STORAGE_SAS_TOKEN", .sas("sv=1&sig=2")),
            ("AZURE_CLIENT_SECRET", .token(.secret(url: url, client: "c", secret: "s"))),
            ("AZURE_FEDERATED_TOKEN_FILE", .token(.federated(url: url, client: "c", file: "/f"))),
            ("IDENTITY_HEADER", .token(.service(url: "http://i/token", secret: "h", client: "c"))),
            (
                "AZURE_POD_IDENTITY_AUTHORITY_HOST",
                .token(.machine(host: "http://imds", client: "c", isCertain: true))
            ),
            ("", .token(.machine(host: "http://169.254.169.254", client: "c", isCertain: false))),
        ]
        for (name, expected) in order {
            #expect(try find(variables).credentials == expected, "\(name)")
            #expect(try find(variables, isAnonymous: true).credentials == .anonymous)
            variables[name] = nil
        }
    }

    @Test func accountsAndKeys() throws {
        for name in ["AZURE_STORAGE_KEY", "AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_PRIMARY_ACCOUNT_KEY"] {
            #expect(try find([name: Self.key]).credentials == .key(Array("secret key".utf8)))
        }
        let mixed = try find([
            AzureConnectionString.variable: "BlobEndpoint=https://b.example", "AZURE_STORAGE_ACCOUNT": "a",
            "AZURE_STORAGE_KEY": Self.key,
        ])
        #expect(mixed.account == "a" && mixed.endpoint == "https://b.example")
        #expect(mixed.credentials == .key(Array("secret key".utf8)))
    }

    @Test func brokenOnesAreNotPassedOver() {
        for (name, variables) in [
            ("AZURE_STORAGE_KEY", ["AZURE_STORAGE_KEY": "hidden!"]),
            ("AZURE_STORAGE_SAS_TOKEN", ["AZURE_STORAGE_SAS_TOKEN": "sig=hidden value"]),
            ("AZURE_STORAGE_SAS_TOKEN", ["AZURE_STORAGE_SAS_TOKEN": "hidden"]),
            ("AZURE_CLIENT_SECRET", ["AZURE_CLIENT_SECRET": "hidden", "AZURE_CLIENT_ID": "c"]),
            ("AZURE_FEDERATED_TOKEN_FILE", ["AZURE_FEDERATED_TOKEN_FILE": "f"]),
            (
                "AZURE_AUTHORITY_HOST",
                [
                    "AZURE_CLIENT_SECRET": "hidden", "AZURE_CLIENT_ID": "c", "AZURE_TENANT_ID": "t",
                    "AZURE_AUTHORITY_HOST": "http://login.example",
                ]
            ),
        ] {
            let error = #expect(throws: BackendError.self) { try find(variables) }
            #expect(error?.kind == .credentials && error?.subject == name, "\(name)")
            #expect(error?.description.contains("hidden") == false, "\(name)")
        }
    }

    @Test func endpoints() throws {
        let account = ["AZURE_STORAGE_ACCOUNT": "acc"]
        func base(_ more: [String: String] = [:], _ flag: String? = nil) throws -> String {
            try endpoint(account.merging(more) { $1 }, flag).base
        }
        #expect(try base() == "https://acc.blob.core.windows.net")
        #expect(try base([AzureConnectionString.variable: string]) == "https://acc.blob.core.example")
        var all = [
            "AZURE_STORAGE_BLOB_ENDPOINT": "https://b.example/", "AIS_AZURE_URL": "https://n.example",
            AzureConnectionString.variable: "BlobEndpoint=https://s.example",
        ]
        #expect(try base(all, "https://f.example/x/") == "https://f.example/x")
        #expect(try base(all) == "https://s.example")
        all[AzureConnectionString.variable] = nil
        #expect(try base(all) == "https://b.example")
        all["AZURE_STORAGE_BLOB_ENDPOINT"] = nil
        #expect(try base(all) == "https://n.example")
        #expect(try base(["AIS_AZURE_URL": "blob.example"]) == "https://acc.blob.example")
        #expect(try base(["AIS_AZURE_URL": ".b.example", "AIS_AZURE_PROTO": "http://"]) == "http://acc.b.example")
        #expect(try base([:], "http://127.0.0.1:10000") == "http://127.0.0.1:10000/acc")
        #expect(try base([:], "http://[::1]:10000/other/") == "http://[::1]:10000/other")
        #expect(try endpoint([:], "http://127.0.0.1:10000/dev").account == "dev")
        #expect(try endpoint([:], "https://own.blob.core.windows.net").account == "own")
    }

    @Test func endpointsThatAreNone() {
        for text in ["", "acc", "ftp://h", "https://u:hidden@h", "https://h/?sig=hidden"] {
            let error = #expect(throws: BackendError.self) { try endpoint([:], text) }
            #expect(error?.kind == .usage && error?.description.contains("hidden") == false, "\(text)")
        }
        let error = #expect(throws: BackendError.self) { try endpoint([:]) }
        #expect(error?.kind == .usage && error?.message.contains("AZURE_STORAGE_ACCOUNT") == true)
    }

    @Test func tokensStayWithinTLSOrThisMachine() throws {
        for (url, takes) in [
            ("https://h.example", true), ("http://h.example", false), ("http://127.0.0.1:1/a", true),
            ("http://10.0.0.1:1/a", false), ("http://localhost:1/a", true), ("http://a.localhost:1", true),
            ("http://127.0.0.1.example.com", false),
        ] {
            #expect(try endpoint([:], url).takesTokens == takes, "\(url)")
        }
    }

    @Test func tokens() {
        func token(_ text: String) -> AzureToken? { AzureToken(Array(text.utf8), now: 1000) }
        #expect(token(#"{"access_token":"t","expires_in":60}"#)?.expires == 1060)
        #expect(token(#"{"access_token":"t","expires_in":"60","expires_on":"9"}"#)?.expires == 1060)
        #expect(token(#"{"access_token":"t","expires_on":"5000"}"#)?.expires == 5000)
        #expect(token(#"{"access_token":"t"}"#)?.expires == 4600)
        for bad in ["", "{}", #"{"access_token":""}"#, #"{"access_token":"a b"}"#, #"{"access_token":"a\r\nb: c"}"#] {
            #expect(token(bad) == nil, "\(bad)")
        }
        let refusal = #"{"error":"invalid_client","error_description":"AADSTS1:\r\nno"}"#
        #expect(AzureToken.refusal(Array(refusal.utf8)) == "invalid_client: AADSTS1:  no")
    }

    @Test func expiredSignaturesAreNamed() {
        let remedy = { (token: String) in AzureCredentials.sas(token).remedy(now: 1_800_000_000) }
        #expect(remedy("se=2026-01-01T00%3A00%3A00Z&sig=hidden").contains("expired at 2026-01-01T00:00:00Z"))
        #expect(remedy("se=2026-01-01&sig=hidden").contains("expired"))
        for token in ["se=2999-01-01T00:00:00Z&sig=hidden", "sig=hidden", "se=x&sig=hidden"] {
            #expect(!remedy(token).contains("expired") && !remedy(token).contains("hidden"), "\(token)")
        }
    }
}
