/// The `Retry-After` field (RFC 9110, 10.2.3).
public enum RetryAfter {
    /// Seconds to wait from `now` (seconds since 1970), never negative; nil for what is neither a whole number of
    /// seconds nor a date. A date in the past is 0. Not capped: `RetryPolicy` does that.
    public static func seconds(_ header: some StringProtocol, now: Double) -> Double? {
        let text = FieldText.trimmed(header)
        guard !text.isEmpty else { return nil }
        if text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            return text.utf8.count <= 15 ? Double(text) : 1e15
        }
        guard now.isFinite, abs(now) < 1e15, let date = HTTPDate.parse(text, now: Int64(now)) else { return nil }
        return max(0, Double(date) - now)
    }

    /// What `head` asks for, nil when it asks nothing. A date is measured against the answer's own `Date`,
    /// so that a wrong clock here or there does not matter; without one, against `now`.
    public static func seconds(in head: HTTPResponseHead, now: Double) -> Double? {
        guard let header = head.headers["Retry-After"] else { return nil }
        let serverTime = head.headers["Date"].flatMap { HTTPDate.parse(FieldText.trimmed($0)) }
        return seconds(header, now: serverTime.map(Double.init) ?? now)
    }
}
