import Testing

@Test func backendsPlaceholder() {}
