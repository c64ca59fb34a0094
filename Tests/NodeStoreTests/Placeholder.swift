import Testing

@Test func nodestorePlaceholder() {}
