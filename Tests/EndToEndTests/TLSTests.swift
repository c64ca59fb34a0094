import Foundation
import TestSupport
import Testing

/// TLS as it should be: verified against a private CA, with client certificates, refused where it is wrong.
struct TLSTests {
    @Test func aPrivateCAIsTrustedAndHTTP2Used() throws {
        let scene = try Scene()
        try scene.putShards(count: 8, bytes: 400_000)
        let run = try scene.prefetch(
            scene.url("train-{000000..000007}.tar", at: .https), "--to", "ais://b", "--cacert", scene.site.pki.caFile)
        #expect(run.status == 0, run.said)
        try scene.expectStored(Dictionary(uniqueKeysWithValues: (0..<8).map { (shard($0), shard($0)) }))
        let gets = try scene.requests(8).filter { $0.method == "GET" }
        #expect(Set(gets.map(\.version)) == ["HTTP/2.0"])
    }

    @Test func goAwayIsNoFailure() throws {
        let scene = try Scene()
        for number in 0..<40 { try scene.put("\(number).bin", Scene.bytes(3000, seed: UInt64(number + 1))) }
        let run = try scene.prefetch(
            scene.url("{0..39}.bin", at: .goaway), "--to", "ais://b", "--cacert", scene.site.pki.caFile)
        #expect(run.status == 0, run.said)
        #expect(run.counts == ["moved": 40])
    }

    @Test(arguments: [(NginxServer.Port.https, false), (.expired, true), (.wrongHost, true)])
    func aCertificateThatDoesNotVerifyIsRefused(_ port: NginxServer.Port, hasCA: Bool) throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", "x")
        let ca = hasCA ? ["--cacert", scene.site.pki.caFile] : []
        for extra in [[], ["--skip-lookup"]] {
            let run = try scene.reported("prefetch", [scene.url("x.bin", at: port), "--to", "ais://b"] + ca + extra)
            #expect(run.status == 1, run.said)
            #expect((run.err + run.result.out).lowercased().contains("certificate"), run.said)
            #expect((run.err + run.result.out).contains("--insecure-host 127.0.0.1"), run.said)
            #expect(!run.err.contains("later"), run.said)
        }
        #expect(try scene.requests().isEmpty)
        #expect(try scene.disk().names == [])
    }

    @Test func oneInsecureHostIsAllowedByName() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", "x")
        let run = try scene.prefetch(
            scene.url("x.bin", at: .expired), "--to", "ais://b", "--insecure-host", "127.0.0.1")
        #expect(run.status == 0, run.said)
        #expect(run.err.contains("127.0.0.1"), "a warning names the host")
    }

    @Test func aCertificateAndItsKeyBelongTogether() throws {
        let scene = try Scene(mountpaths: 1)
        let pki = scene.site.pki
        let wrong = [
            (["--key", pki.clientKey], "--key \(pki.clientKey): it goes with a certificate"),
            (["--cert", pki.clientCertificate], "--key FILE"),
            (["--cert", pki.clientKey, "--key", pki.clientKey], "--cert \(pki.clientKey): holds no certificate"),
            (
                ["--cert", pki.clientCertificate, "--key", pki.clientCertificate],
                "--key \(pki.clientCertificate): holds no private key"
            ),
        ]
        for (flags, words) in wrong {
            let run = try scene.reported(
                "prefetch", [scene.url("x.bin", at: .mtls), "--to", "ais://b", "--cacert", pki.caFile] + flags)
            #expect(run.status == 2, run.said)
            #expect(run.err.contains(words), run.said)
        }
        let job = try scene.scratch.write(
            "job.yaml",
            "job: j\nsources: [{url: \(scene.url("x.bin")), to: ais://b}]\nnetwork: {key: \(pki.clientKey)}\n")
        let run = try scene.prefetch(job)
        #expect(run.status == 2 && run.err.contains("--cert FILE"), run.said)
        #expect(try scene.requests().isEmpty)
        #expect(try scene.disk().bmd.allSatisfy { $0.buckets.isEmpty })
    }

    @Test func clientCertificates() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", "x")
        let pki = scene.site.pki
        let common = [scene.url("x.bin", at: .mtls), "--to", "ais://b", "--cacert", pki.caFile]
        let without = try scene.reported("prefetch", common)
        #expect(without.status != 0, without.said)
        #expect(try scene.disk().names == [])
        let with = try scene.reported(
            "prefetch", common + ["--cert", pki.clientCertificate, "--key", pki.clientKey])
        #expect(with.status == 0, with.said)
        try scene.expectStored(["x.bin": "x.bin"])
    }
}
