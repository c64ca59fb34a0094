import CCurl

/// The libcurl that was found at run time.
public enum CurlLibrary {
    /// `libcurl 7.88.1`.
    public static var version: String {
        guard let text = curl_version() else { return "libcurl" }
        let first = String(cString: text).prefix { $0 != " " }
        return String(first.map { $0 == "/" ? " " : $0 })
    }
}
