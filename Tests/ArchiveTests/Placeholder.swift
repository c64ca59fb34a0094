import Testing

@Test func archivePlaceholder() {}
