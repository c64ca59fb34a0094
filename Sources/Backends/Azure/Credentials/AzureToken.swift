import ObjectModel

/// An access token, and when it ends.
struct AzureToken: BearerToken, Hashable {
    var text: String
    /// Seconds since 1970.
    var expires: Double

    /// `{"access_token":"…","expires_in":3599}`. Machines' own services write numbers as strings, and some only
    /// `expires_on`, in seconds since 1970. nil for anything else.
    init?(_ body: [UInt8], now: Double) {
        guard let answer = try? JSONValue.parse(body), let text = answer["access_token"]?.string, !text.isEmpty,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        self.text = text
        let lasts = Self.number(answer["expires_in"]).map { now + $0 }
        expires = lasts ?? Self.number(answer["expires_on"]) ?? now + 3600
    }

    /// What a token service says when it refuses: `invalid_client: AADSTS7000215: …`
    static func refusal(_ body: [UInt8]) -> String? {
        guard let answer = try? JSONValue.parse(body) else { return nil }
        let words = [answer["error"]?.string, answer["error_description"]?.string].compactMap { $0 }
        return words.isEmpty ? nil : AzureError.line(words.joined(separator: ": "))
    }

    private static func number(_ value: JSONValue?) -> Double? {
        guard let value else { return nil }
        let number = value.number ?? value.integer.map(Double.init) ?? value.string.flatMap { Double($0) }
        return number.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }
}
