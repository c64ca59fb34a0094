import Foundation

extension JSONValue {
    /// More levels than this are refused: values are walked recursively, also on threads with a small stack.
    private static let depthMax = 128

    /// Reads one document with Foundation. Whole numbers are integers however they are spelt (`1e3`). Of equal keys
    /// one counts. Refuses more than `maxBytes` bytes and more than 128 levels.
    ///
    /// JSONSerialization and not JSONDecoder: the latter has to be asked for one type after the other, each wrong guess
    /// an error thrown, which is several times slower.
    public static func parse(_ bytes: [UInt8], maxBytes: Int = 64 << 20) throws(JSONError) -> JSONValue {
        guard bytes.count <= maxBytes else { throw JSONError(reason: "it has more than \(maxBytes) bytes") }
        let document: Any
        do {
            document = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        } catch {
            let told = (error as NSError).userInfo["NSDebugDescription"] as? String
            throw JSONError(reason: told ?? error.localizedDescription)
        }
        return try JSONValue(document, levels: depthMax)
    }

    public static func parse(_ text: String, maxBytes: Int = 64 << 20) throws(JSONError) -> JSONValue {
        try parse(Array(text.utf8), maxBytes: maxBytes)
    }

    private init(_ object: Any, levels: Int) throws(JSONError) {
        switch object {
        case let text as String: self = .string(text)
        case let members as [String: Any]:
            guard levels > 0 else { throw JSONError(reason: "it has more than \(Self.depthMax) levels") }
            var values = [String: JSONValue](minimumCapacity: members.count)
            for (key, member) in members { values[key] = try JSONValue(member, levels: levels - 1) }
            self = .object(values)
        case let elements as [Any]:
            guard levels > 0 else { throw JSONError(reason: "it has more than \(Self.depthMax) levels") }
            var values: [JSONValue] = []
            for element in elements { values.append(try JSONValue(element, levels: levels - 1)) }
            self = .array(values)
        case let number as NSNumber: self = Self.number(number)
        default: self = .null
        }
    }

    private static func number(_ number: NSNumber) -> JSONValue {
        if number === NSNumber(value: true) { return .bool(true) }
        if number === NSNumber(value: false) { return .bool(false) }
        if let decimal = number as? NSDecimalNumber {
            // Foundation's choice beyond 17 digits; its own ways from there to other numbers are not exact.
            let text = decimal.decimalValue.description
            if let value = Int64(text) { return .integer(value) }
            return .number(Double(text) ?? decimal.doubleValue)
        }
        if let value = Int64(exactly: number) { return .integer(value) }
        if let value = UInt64(exactly: number) { return .unsigned(value) }
        return .number(number.doubleValue)
    }
}
