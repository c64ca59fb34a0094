import Testing

@Test func plannerPlaceholder() {}
