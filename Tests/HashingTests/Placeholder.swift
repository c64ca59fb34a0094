import Testing

@Test func hashingPlaceholder() {}
