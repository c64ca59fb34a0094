import Foundation

/// What can be known to be unusable before anybody is asked.
extension NetworkOptions {
    /// Bytes of a PEM file that are looked at: the system's whole bundle has a quarter of a megabyte.
    private static let pemBytesMax = 16 << 20

    /// Whether the files are what their flags want, and the proxy can be read. Each error names the flag.
    public func check() throws(CredentialError) {
        if let keyFile, certificateFile == nil {
            throw CredentialError("--key \(keyFile): it goes with a certificate; name that with --cert FILE")
        }
        if let caFile { try Self.checkPEM(caFile, flag: "--cacert", holds: "CERTIFICATE") }
        if let certificateFile {
            try Self.checkPEM(certificateFile, flag: "--cert", holds: "CERTIFICATE")
            if keyFile == nil {
                try Self.checkPEM(
                    certificateFile, flag: "--cert", holds: "PRIVATE KEY",
                    remedy: "; name the key's file with --key FILE")
            }
        }
        if let keyFile { try Self.checkPEM(keyFile, flag: "--key", holds: "PRIVATE KEY") }
        if let netrcFile { try Self.checkNetRC(netrcFile) }
        if let proxy, !proxy.isEmpty, let fault = ProxyText.fault(in: proxy) {
            // What stands before an @ is a login.
            let shown = proxy.contains("@") ? "" : " \(proxy)"
            throw CredentialError("--proxy\(shown): \(fault); write http://HOST:PORT")
        }
    }

    /// Passwords want a file that its owner alone can read.
    private static func checkNetRC(_ path: String) throws(CredentialError) {
        guard let mode = SecretFile.mode(of: path) else {
            throw CredentialError("--netrc-file \(path): there is no such file; check the path")
        }
        // A pipe could be read only once.
        guard mode & 0o077 != 0, SecretFile.isRegular(path) else { return }
        let netrc = NetRC(parsing: try SecretFile.text(path, what: "--netrc-file"))
        guard netrc.entries.contains(where: { $0.password != nil }) else { return }
        throw CredentialError("--netrc-file \(path): can be read by others than its owner: chmod 600 \(path)")
    }

    /// - Parameter label: the end of a PEM block's first line, as in RFC 7468.
    private static func checkPEM(
        _ path: String, flag: String, holds label: String, remedy: String = ""
    ) throws(CredentialError) {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw CredentialError("\(flag) \(path): there is no such file; check the path")
        }
        guard !isDirectory.boolValue else {
            throw CredentialError("\(flag) \(path): is a directory; name a PEM file in it")
        }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw CredentialError("\(flag) \(path): cannot be read; check its permissions")
        }
        // A pipe could be read only once.
        guard SecretFile.isRegular(path) else { return }
        guard let handle = FileHandle(forReadingAtPath: path),
            let data = try? handle.read(upToCount: pemBytesMax) ?? Data()
        else { throw CredentialError("\(flag) \(path): cannot be read; check the file") }
        let isHeld =
            data.range(of: Data("-----BEGIN ".utf8)) != nil && data.range(of: Data("\(label)-----".utf8)) != nil
        guard isHeld else {
            let wanted = label == "CERTIFICATE" ? "no certificate" : "no private key"
            throw CredentialError("\(flag) \(path): holds \(wanted) in PEM form\(remedy)")
        }
    }
}
