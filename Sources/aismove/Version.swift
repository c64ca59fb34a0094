import Archive
import Backends
import CBuildInfo
import Hashing

/// What `--version` says: the release, the commit, and the libraries that were found at run time.
enum Version {
    static let release = "0.1.0"

    static var text: String {
        """
        aismove \(release) (commit \(String(cString: aismove_commit())))
        \(CurlLibrary.version), \(ArchiveLibrary.version), \(CryptoLibrary.version)
        """
    }
}
