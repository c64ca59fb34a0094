/// Which object names can be kept: they become paths below `%ob`, so a name is refused whenever it could mean
/// another path, or AIStore itself would not take it. Nothing is ever mapped to another name.
public enum ObjectName {
    /// The longest name in bytes; the FQN of a longer one could not be kept in the metadata.
    public static let byteCountMax = 3_072
    /// The longest component in bytes (`NAME_MAX`). The last component may be longer (`FQN`'s long names).
    public static let componentByteCountMax = 255

    /// Throws when the name cannot be an object's.
    public static func validate(_ name: String) throws(NameError) {
        if let reason = refusal(name.utf8.span) { throw NameError(name, reason) }
    }

    /// The same for bytes from a listing or a file, which may be no text at all. Returns the name.
    public static func validate(_ bytes: [UInt8]) throws(NameError) -> String {
        guard let name = String(validating: bytes, as: UTF8.self) else {
            throw NameError(String(decoding: bytes, as: UTF8.self), "is not valid UTF-8")
        }
        try validate(name)
        return name
    }

    /// Why the bytes (valid UTF-8) cannot be a name; nil when they can. One pass, no allocation.
    public static func refusal(_ bytes: Span<UInt8>) -> String? {
        if bytes.isEmpty { return "an object name cannot be empty" }
        if bytes.count > byteCountMax { return "is longer than \(byteCountMax) bytes" }
        if bytes[0] == slash { return "begins with a slash" }
        if bytes[bytes.count - 1] == slash { return "ends with a slash" }
        var start = 0
        for index in 0..<bytes.count {
            let byte = bytes[index]
            if byte == slash {
                if let reason = refusal(component: bytes.extracting(start..<index)) { return reason }
                start = index + 1
            } else if byte < 0x20 || byte == 0x7f {
                return byte == 0 ? "holds a NUL byte" : "holds a control byte"
            }
        }
        let last = bytes.extracting(start..<bytes.count)
        return isDots(last) ? "has a component \".\" or \"..\"" : nil
    }

    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")

    /// Why a component that is not the last one cannot be a directory.
    private static func refusal(component: Span<UInt8>) -> String? {
        let count = component.count
        if count == 0 { return "has an empty component" }
        if isDots(component) { return "has a component \".\" or \"..\"" }
        if count > componentByteCountMax { return "has a directory name longer than \(componentByteCountMax) bytes" }
        if component[count - 1] == UInt8(ascii: "~") { return "holds \"~/\", which AIStore refuses" }
        if count > 2, component[count - 1] == dot, component[count - 2] == dot {
            return "holds \"../\", which AIStore refuses"
        }
        return nil
    }

    private static func isDots(_ component: Span<UInt8>) -> Bool {
        switch component.count {
        case 1: component[0] == dot
        case 2: component[0] == dot && component[1] == dot
        default: false
        }
    }
}
