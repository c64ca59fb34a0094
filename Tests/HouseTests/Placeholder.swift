import Testing

@Test func housePlaceholder() {}
