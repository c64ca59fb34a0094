import Foundation
import Hashing
import TestSupport
import Testing

/// Keys and verdicts are OpenSSL's own program's.
@Suite struct RSAKeyTests {
    @Test(arguments: ["pkcs1", "pkcs8"]) func plainKeysSign(form: String) throws {
        let made = try Keys.shared.get()
        let key = try RSAKey(pem: made.text(form), passphrase: nil)
        for message in ["", "a", String(repeating: "long ", count: 10_000)] {
            #expect(try made.verifies(key.signSHA256(Array(message.utf8)), of: message))
        }
        #expect(try !made.verifies(key.signSHA256(Array("one".utf8)), of: "two"))
        #expect(key.signSHA256(Array("same".utf8)) == key.signSHA256(Array("same".utf8)))
        #expect(key.signSHA256([]).count == 256)
    }

    @Test(arguments: ["pkcs1-encrypted", "pkcs8-encrypted"]) func encryptedKeysNeedTheirPassphrase(form: String) throws
    {
        let made = try Keys.shared.get()
        let pem = try made.text(form)
        let key = try RSAKey(pem: pem, passphrase: Keys.passphrase)
        #expect(try made.verifies(key.signSHA256(Array("message".utf8)), of: "message"))
        #expect(throws: RSAKeyError.wrongPassphrase) { try RSAKey(pem: pem, passphrase: "another") }
        #expect(throws: RSAKeyError.wrongPassphrase) { try RSAKey(pem: pem, passphrase: "") }
        #expect(throws: RSAKeyError.passphraseNeeded) { try RSAKey(pem: pem) }
        #expect(throws: RSAKeyError.wrongPassphrase) {
            try RSAKey(pem: pem, passphrase: String(repeating: "x", count: 100_000))
        }
    }

    @Test func aPassphraseThatIsNotNeededDoesNotMatter() throws {
        let made = try Keys.shared.get()
        let key = try RSAKey(pem: made.text("pkcs8"), passphrase: "not needed")
        #expect(try made.verifies(key.signSHA256([1]), of: "\u{1}"))
    }

    @Test func textAroundTheBlockIsSkipped() throws {
        let made = try Keys.shared.get()
        let pem = "Bag Attributes: x\n" + (try made.text("pkcs8")).replacing("\n", with: "\r\n") + "OCI_API_KEY\n"
        let key = try RSAKey(pem: pem)
        #expect(try made.verifies(key.signSHA256([1]), of: "\u{1}"))
    }

    @Test func otherKeysAreUnsuitable() throws {
        let made = try Keys.shared.get()
        for form in ["ec", "short"] {
            #expect(throws: RSAKeyError.unsuitable, "\(form)") { try RSAKey(pem: made.text(form)) }
        }
    }

    @Test func whatIsNoKeyIsMalformed() throws {
        let made = try Keys.shared.get()
        let pem = try made.text("pkcs8")
        let broken = [
            "", "garbage", String(pem.prefix(pem.count / 2)), pem.replacing("-----BEGIN", with: "-----BEGUN"),
            try made.text("public"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            String(repeating: " ", count: 70_000) + pem,
        ]
        for text in broken { #expect(throws: RSAKeyError.malformed) { try RSAKey(pem: text, passphrase: "x") } }
    }

    @Test func manyThreadsShareOneKey() async throws {
        let made = try Keys.shared.get()
        let key = try RSAKey(pem: made.text("pkcs8"))
        let expected = key.signSHA256([7])
        let all = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 { group.addTask { (0..<20).allSatisfy { _ in key.signSHA256([7]) == expected } } }
            return await group.allSatisfy { $0 }
        }
        #expect(all)
    }
}

/// Keys made once by `openssl`.
private struct Keys: Sendable {
    static let shared = Result { try Keys() }
    static let passphrase = "pässword with spaces"

    private let scratch: ScratchDirectory

    private init() throws {
        scratch = try TestSupport.scratch("keys")
        let path = scratch.path
        let pass = ["-passout", "pass:\(Self.passphrase)"]
        let commands: [[String]] = [
            ["genrsa", "-traditional", "-out", "pkcs1", "2048"],
            ["pkcs8", "-topk8", "-nocrypt", "-in", "pkcs1", "-out", "pkcs8"],
            ["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-in", "pkcs1", "-out", "pkcs8-encrypted"] + pass,
            ["rsa", "-traditional", "-aes128", "-in", "pkcs1", "-out", "pkcs1-encrypted"] + pass,
            ["rsa", "-in", "pkcs1", "-pubout", "-out", "public"],
            ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "ec"],
            ["genrsa", "-out", "short", "512"],
        ]
        for command in commands { try TestSupport.runChecked("openssl", command, directory: path) }
    }

    func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(scratch.path)/\(name)", encoding: .utf8)
    }

    func verifies(_ signature: [UInt8], of message: String) throws -> Bool {
        let place = try TestSupport.scratch("signature")
        let signed = try place.write("signature", Data(signature))
        let text = try place.write("message", message)
        let result = try TestSupport.run(
            "openssl", ["dgst", "-sha256", "-verify", "\(scratch.path)/public", "-signature", signed, text])
        return result.status == 0
    }
}
