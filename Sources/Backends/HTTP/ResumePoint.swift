/// From where a broken transfer continues, and what proves that the source is still the same.
public struct ResumePoint: Sendable, Hashable, Codable {
    /// First byte to ask for; the bytes before it are kept, the hash state is rebuilt from exactly those.
    public let offset: Int64
    /// Always strong.
    public let validator: Validator

    /// nil when nothing can be continued: no byte kept, or no strong validator. Where every byte is there already
    /// (the run ended between the last byte and the commit), the last one is asked for again, because a range
    /// that begins at the end is refused with 416 and proves nothing.
    public init?(keptBytes: Int64, validator: Validator) {
        guard validator.isStrong else { return nil }
        let offset = min(keptBytes, validator.length.map { $0 - 1 } ?? keptBytes)
        guard offset > 0 else { return nil }
        self.offset = offset
        self.validator = validator
    }
}
