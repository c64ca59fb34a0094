import Testing

@Test func objectmodelPlaceholder() {}
