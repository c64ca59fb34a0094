import CArchive

/// The libarchive that was found at run time.
public enum ArchiveLibrary {
    /// `libarchive 3.6.2`.
    public static var version: String { String(cString: archive_version_string()) }
}
