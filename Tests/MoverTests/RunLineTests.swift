import Testing

@testable import Mover

/// The line for syslog: its keys and their order are an interface.
@Suite struct RunLineTests {
    @Test func theKeysAndTheirOrder() {
        var summary = RunSummary.example()
        summary.outcomes["missing"] = 2
        #expect(
            summary.line
                == "aismove command=prefetch job=nightly exit=3 moved=7 resumed=0 present=0 updated=0 missing=2 failed=0"
                + " evicted=0 committed_bytes=4503599627370497 received_bytes=11 seconds=12.345 retries=5 throttles=2"
                + " skipped=0 bmd_version=17")
    }

    @Test(arguments: [
        ("the disk is full", "\"the disk is full\""), ("a\"b", "\"a\\\"b\""), ("a\\b", "\"a\\\\b\""),
        ("a=b", "\"a=b\""),
        ("two\nlines", "\"two\\nlines\""), ("", "\"\""), ("plain", "plain"),
    ])
    func textIsQuotedWhereItNeedsTo(text: String, written: String) {
        var summary = RunSummary.example()
        (summary.job, summary.stopped, summary.left) = (nil, text, 3)
        #expect(summary.line.hasSuffix(" left=3 bmd_version=17 stopped=\(written)"))
        #expect(!summary.line.contains("job="))
    }
}
