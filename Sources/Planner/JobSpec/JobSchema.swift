import ObjectModel

/// `docs/job.schema.json` (JSON Schema, draft 7, which editors read), made from the definition of the keys.
///
/// What it cannot say (that templates, globs and URLs are sound, that variables are set) `aismove job check` does.
public enum JobSchema {
    public static var document: JSONValue {
        var document = value(JobSpec.value.shape)
        document["$schema"] = "http://json-schema.org/draft-07/schema#"
        document["title"] = "aismove job file"
        document["definitions"] = [
            "environment": [
                "type": "string", "pattern": .string(#"\$\{[A-Za-z_][A-Za-z0-9_]*\}"#),
                "description": "A text with ${NAME}, replaced from the environment.",
            ]
        ]
        return document
    }

    private static let environment: JSONValue = ["$ref": "#/definitions/environment"]

    private static func value(_ shape: JobShape) -> JSONValue {
        switch shape {
        case .text(let form):
            var text: JSONValue = ["type": "string", "minLength": 1]
            guard let pattern = form.pattern else { return text }
            text["pattern"] = .string(pattern)
            return orEnvironment(form.takesNumber ? [text, positive] : [text])
        case .flag: return orEnvironment([["type": "boolean"]])
        case .whole(let range):
            var number: JSONValue = ["type": "integer", "minimum": .integer(Int64(range.lowerBound))]
            if range.upperBound < .max { number["maximum"] = .integer(Int64(range.upperBound)) }
            return orEnvironment([number])
        case .number: return orEnvironment([positive])
        case .choice(let words): return orEnvironment([["enum": .array(words.map { .string($0) })]])
        case .list(let element): return ["type": "array", "minItems": 1, "items": value(element)]
        case .either(let one, let other): return ["anyOf": [value(one), value(other)]]
        case .section(let section): return object(section)
        }
    }

    private static let positive: JSONValue = ["type": "number", "exclusiveMinimum": 0]

    private static func orEnvironment(_ choices: [JSONValue]) -> JSONValue {
        ["anyOf": .array(choices + [environment])]
    }

    private static func object(_ section: JobSectionNote) -> JSONValue {
        var properties: [String: JSONValue] = [:]
        for key in section.keys {
            var property = value(key.shape)
            let standard = key.standard.isEmpty ? "" : " Default: \(key.standard)."
            property["description"] = .string(key.note + standard)
            properties[key.name] = property
        }
        var members = section.rules
        members["type"] = "object"
        members["additionalProperties"] = .bool(false)
        members["properties"] = .object(properties)
        let required = section.keys.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { members["required"] = .array(required) }
        return .object(members)
    }
}
