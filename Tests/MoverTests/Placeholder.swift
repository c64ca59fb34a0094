import Testing

@Test func moverPlaceholder() {}
