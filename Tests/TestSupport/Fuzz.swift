import Foundation

/// Property tests: many inputs, each made of a seed and its number, so that one that fails can be made again alone.
public enum Fuzz {
    /// Inputs a test: 10,000, or what `AISMOVE_FUZZ_COUNT` says.
    public static let count =
        ProcessInfo.processInfo.environment["AISMOVE_FUZZ_COUNT"].flatMap { Int($0) } ?? 10_000

    /// `AISMOVE_FUZZ_SECONDS`: when a test makes no further inputs; it tells how many it came to.
    private static let secondsMax = ProcessInfo.processInfo.environment["AISMOVE_FUZZ_SECONDS"].flatMap { Double($0) }

    /// Seconds that no single input may take, on however busy a machine.
    static let patience = 20.0

    /// Checks input after input.
    /// - Parameter check: what is wrong with this input; nil when all is well.
    /// - Returns: seed, number and complaint of the first input that fails, or that takes too long; nil when none does.
    public static func failure(
        seed: UInt64, test: String = #function,
        _ check: (_ number: Int, _ random: inout SeededGenerator) throws -> String?
    ) -> String? {
        let start = ProcessInfo.processInfo.systemUptime
        var made = 0
        defer { tell(test, made, ProcessInfo.processInfo.systemUptime - start) }
        for number in 0..<count {
            var random = SeededGenerator(state: seed &<< 40 ^ UInt64(number) &* 0xd134_2543_de82_ef95)
            let began = ProcessInfo.processInfo.systemUptime
            func failed(_ what: String) -> String { "seed \(seed), input \(number): \(what)" }
            do {
                if let complaint = try check(number, &random) { return failed(complaint) }
            } catch {
                return failed("throws \(error)")
            }
            made += 1
            let now = ProcessInfo.processInfo.systemUptime
            if now - began > patience { return failed("takes \(now - began) seconds") }
            if let secondsMax, now - start > secondsMax { break }
        }
        return nil
    }

    /// For `make soak`, which asks for more than `make test` and wants to know what came of it.
    private static func tell(_ test: String, _ inputs: Int, _ seconds: Double) {
        if secondsMax != nil { print("fuzz: \(test.prefix { $0 != "(" }) \(inputs) inputs \(Int(seconds)) s") }
    }
}
