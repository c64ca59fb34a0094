import Foundation
import TestSupport
import Testing

@testable import Hashing

/// Certificates and new keys, judged by the `openssl` command.
@Suite struct CertificateTests {
    @Test func aCertificateIsRead() throws {
        let scratch = try TestSupport.scratch("certificate")
        let pem = "\(scratch.path)/cert.pem"
        try TestSupport.runChecked(
            "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "\(scratch.path)/key.pem", "-out", pem,
                "-days", "2", "-subj", "/CN=ocid1.instance/OU=opc-certtype:instance/OU=opc-tenant:ocid1.tenancy.ü",
                "-utf8",
            ])
        let certificate = try #require(Certificate(pem: "text before\n" + String(contentsOfFile: pem, encoding: .utf8)))
        #expect(
            certificate.subject == ["ocid1.instance", "opc-certtype:instance", "opc-tenant:ocid1.tenancy.ü"])
        let told = try TestSupport.runChecked("openssl", ["x509", "-in", pem, "-noout", "-fingerprint", "-sha1"]).out
        let sha1 = Digest.of(certificate.bytes.span.bytes, .sha1).bytes.map { Hex.encode([$0]).uppercased() }
        #expect(told.contains(sha1.joined(separator: ":")))
    }

    @Test(arguments: ["", "no", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
    func whatIsNone(text: String) { #expect(Certificate(pem: text) == nil) }

    @Test func aNewKeySignsForItsPublicHalf() throws {
        let (key, other) = (try RSAKey(), try RSAKey())
        #expect(key.publicKey != other.publicKey)
        let scratch = try TestSupport.scratch("new-key")
        let message = Array("date: today".utf8)
        let files = [
            "public": Data(key.publicKey), "message": Data(message), "signature": Data(key.signSHA256(message)),
        ]
        for (name, data) in files { _ = try scratch.write(name, data) }
        try TestSupport.runChecked(
            "openssl",
            [
                "dgst", "-sha256", "-keyform", "DER", "-verify", "\(scratch.path)/public", "-signature",
                "\(scratch.path)/signature", "\(scratch.path)/message",
            ])
        let size = try TestSupport.runChecked(
            "openssl", ["pkey", "-pubin", "-inform", "DER", "-in", "\(scratch.path)/public", "-noout", "-text"]
        ).out
        #expect(size.contains("2048 bit"))
    }
}
