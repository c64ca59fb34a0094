import Foundation

/// Why a file of secrets, or a header, cannot be used; one sentence with the remedy, without the secret.
public struct CredentialError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

/// A small file that holds secrets: read only when nobody but its owner can read it.
enum SecretFile {
    /// Bytes read at most.
    static let limitBytes = 1 << 20

    /// The text of `path`. `what` names the file's role in errors.
    static func read(_ path: String, what: String) throws(CredentialError) -> String {
        guard let mode = mode(of: path) else {
            throw CredentialError("\(what) \(path) does not exist or cannot be read")
        }
        guard mode & 0o077 == 0 else {
            throw CredentialError("\(what) \(path) can be read by others than its owner: chmod 600 \(path)")
        }
        return try text(path, what: what)
    }

    /// The text of `path`, whatever its mode.
    static func text(_ path: String, what: String) throws(CredentialError) -> String {
        guard let handle = FileHandle(forReadingAtPath: path),
            let data = try? handle.read(upToCount: limitBytes) ?? Data()
        else { throw CredentialError("\(what) \(path) does not exist or cannot be read") }
        guard let text = String(bytes: data, encoding: .utf8) else {
            throw CredentialError("\(what) \(path) is not UTF-8 text")
        }
        return text
    }

    /// Whether it is a file that can be read again, not a pipe or a device.
    static func isRegular(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Permission bits, of what a symbolic link leads to; nil when there is no such file.
    static func mode(of path: String) -> UInt32? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }
}
