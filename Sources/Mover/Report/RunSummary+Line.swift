extension RunSummary {
    /// The run in one line of `key=value`, for syslog: always these keys in this order, `job`, `left`, `bmd_version`
    /// and `stopped` where they are known (docs/cron.md). Text is quoted as in JSON where it needs to be.
    public var line: String {
        var pairs = [("command", command)]
        if let job { pairs.append(("job", job)) }
        pairs.append(("exit", "\(exitCode)"))
        pairs += Outcome.allCases.map { ($0.rawValue, "\(outcomes[$0.rawValue] ?? 0)") }
        pairs += [
            ("committed_bytes", "\(committedBytes)"), ("received_bytes", "\(receivedBytes)"), ("seconds", "\(seconds)"),
            ("retries", "\(retries)"), ("throttles", "\(throttles)"), ("skipped", skipped ? "1" : "0"),
        ]
        if let left { pairs.append(("left", "\(left)")) }
        if let bmdVersion { pairs.append(("bmd_version", "\(bmdVersion)")) }
        if let stopped { pairs.append(("stopped", stopped)) }
        return "aismove " + pairs.map { "\($0.0)=\(Self.quoted($0.1))" }.joined(separator: " ")
    }

    private static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "\"" && $0 != "=" && $0 != "\\" }
        guard !isPlain else { return text }
        let escaped = text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return "\"\(escaped)\""
    }
}
