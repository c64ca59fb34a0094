import Mover
import Testing

@Suite struct DeletionLimitTests {
    @Test(arguments: [
        ("2%", 0, 0, true), ("2%", 1, 50, true), ("2%", 1, 49, false), ("2%", 2, 100, true), ("2%", 3, 100, false),
        ("0%", 0, 10, true), ("0%", 1, 10, false), ("100%", 10, 10, true), ("0.5%", 1, 200, true),
        ("0.5%", 1, 199, false), ("29%", 29, 100, true), ("29%", 30, 100, false), ("7%", 7, 100, true),
        ("0.0001%", 1, 1_000_000, true), ("0.0001%", 2, 1_000_000, false), ("2%", 20_000, 1_000_000, true),
        ("2%", 20_001, 1_000_000, false), ("99.9999%", 999_999, 1_000_000, true), ("2.50%", 25, 1000, true),
    ])
    func neverMoreThanTheShare(_ text: String, _ count: Int, _ candidates: Int, _ allowed: Bool) throws {
        #expect(try #require(DeletionLimit(text)).allows(count, of: candidates) == allowed)
    }

    @Test(arguments: [
        "", "%", "2", "-1%", "101%", "100.1%", "1.2.3%", "1e1%", "2 %", "٢%", "0x2%", "+2%",
    ])
    func whatIsNoShare(_ text: String) { #expect(DeletionLimit(text) == nil) }

    @Test(arguments: [
        ("2%", "2%"), ("0.50%", "0.5%"), ("100%", "100%"), ("0%", "0%"), ("1.05%", "1.05%"), ("007%", "7%"),
    ])
    func isWrittenAsItIsRead(_ text: String, _ shown: String) throws {
        #expect(try #require(DeletionLimit(text)).description == shown)
    }

    @Test(arguments: [(1, 24, "5%"), (1, 1, "100%"), (3, 100, "3%"), (1, 1000, "1%"), (99, 100, "99%")])
    func theRemedyIsEnoughAndNoMore(_ count: Int, _ candidates: Int, _ needed: String) {
        let limit = DeletionLimit.needed(for: count, of: candidates)
        #expect(limit.description == needed)
        #expect(limit.allows(count, of: candidates))
    }

    @Test func theDefault() { #expect(DeletionLimit.standard == DeletionLimit("2%")) }
}
