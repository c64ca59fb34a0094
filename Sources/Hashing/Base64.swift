import Foundation

/// Base64 as RFC 4648 has it, by Foundation.
public enum Base64 {
    /// The standard alphabet, padded.
    public static func encode(_ bytes: some Sequence<UInt8>) -> String { Data(bytes).base64EncodedString() }

    /// The alphabet for URLs and file names, without padding.
    public static func encodeURL(_ bytes: some Sequence<UInt8>) -> String {
        encode(bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// nil unless the text is the standard, padded form: no white space, no stray bits behind the last byte (Foundation
    /// alone accepts `AB==` and `AAAA=`).
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        guard let data = Data(base64Encoded: String(text)), data.base64EncodedString() == text else { return nil }
        return Array(data)
    }
}
