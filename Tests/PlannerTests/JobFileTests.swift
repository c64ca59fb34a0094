import Foundation
import ObjectModel
import TestSupport
import Testing

@testable import Planner

@Suite struct JobFileTests {
    private static let environment = ["BASE": "https://h/secret-path", "LANES": "3", "EMPTY": "", "WORD": "many"]
    private static let head = "job: j\nsources:\n  - url: https://h/x-{0..3}.tar\n"

    private static func job(_ text: String) throws -> Job {
        try JobSpec.parse(Array(text.utf8), file: "d/j.yaml", environment: environment).understand()
    }

    @Test func everySectionIsUnderstood() throws {
        let job = try Self.job(
            """
            job: nightly
            store: st
            sources:
              - {url: "${BASE}/x-{000..009}.tar", to: ais://b/sub, missing: {known: [1, 4]}, digests: SUMS}
              - {bucket: s3://b/p, endpoint: https://s3:9000, include: ["*.tar"]}
            verify: {tar: webdataset, digest: required}
            transfer: {lanes: "${LANES}", limit-rate: 400MiB, stall-timeout: 1m30s, window: "22:00-06:00"}
            sync: {delete: true, max-delete: 2%}
            report: {file: "/r/{job}-{time}.json", keep: 30}
            cluster: http://c:51080
            """)
        #expect(job.name == "nightly" && job.store?.value == "d/st" && job.store?.written == "st")
        #expect(job.sources.map(\.spec.shown) == ["${BASE}/x-{000..009}.tar", "s3://b/p"])
        #expect(job.sources[0].spec.missing == .known([1, 4]) && job.sources[0].spec.digests == ["d/SUMS"])
        #expect(job.verify.tar == .webdataset && job.verify.digest == .required)
        #expect(job.transfer.lanes == 3 && job.transfer.limitRate == 400 << 20 && job.transfer.stallTimeout == 90)
        #expect(job.transfer.window?.description == "22:00-06:00")
        #expect(job.sync.delete == true && job.sync.maxDelete == 0.02)
        #expect(job.report.file?.value == "/r/{job}-{time}.json" && job.report.keep == 30)
        #expect(job.cluster.url?.value == "http://c:51080")
    }

    @Test func editorsOfOtherSystems() throws {
        let text = "\u{feff}" + Self.head.replacing("\n", with: "\r\n")
        #expect(try Self.job(text).sources.map(\.spec.shown) == ["https://h/x-{0..3}.tar"])
        let error = #expect(throws: JobError.self) { try Self.job(text + "nope: 1\r\n") }
        #expect(error?.description.contains(":4:1: ") == true)
    }

    @Test(arguments: [
        ("", "is empty"),
        (head + "transfer: {lames: 3}\n", ":4:12: unknown key \"lames\" in transfer; did you mean lanes?"),
        (head + "transfer: {lanes: many}\n", ":4:19: \"many\""), (head + "transfer: {lanes: \"${WORD}\"}\n", "${WORD}"),
        (head + "transfer: {lanes: 0}\n", "1 to 1024"), (head + "durable: perhaps\n", "true or false"),
        (head + "store: ${NOPE}\n", ":4:8: the environment variable NOPE"),
        (head + "store: ${EMPTY}\n", "set to nothing"),
        (head + "job: k\n", "more than once"), (head + "store:\n", "no value"), (head + "store: 5\n", "not a text"),
        (head + "store: &a x\n", ":4:8: anchors"), (head + "store: ~/x\n", "${HOME}"),
        ("job: j\n", "lacks the key \"sources\""), (head + "report: {file: a.json, keep: 3}\n", "{time}"),
        (head + "report: \"{who}.json\"\n", "only {job} and {time}"),
        (head + "    header: \"X-Api-Key: s\"\n", "header-file"),
        ("job: j\nsources:\n  - url: https://me:pw@h/x\n", "login"),
        ("job: j\nsources:\n  - {url: https://h/x, bucket: s3://b}\n", "either"),
        ("job: j\nsources:\n  - url: ${BASE}/x-{3..1}.tar\n", ":3:10: "),
        (head + "sync: {max-delete: 2}\n", "percentage"), (head + "transfer: {window: \"22-6\"}\n", "window"),
        ("job: j\nsources:\n\t- url: https://h/x\n", ":3:1: is not YAML"),
        ("job: j\nsources:\n\t- url: https://h/x\n", "indent with"),
        ("job: j\nverify: {sidecar: md5}\nsources:\n  - bucket: s3://b\n", ":4:13: verify: sidecar: is for URLs"),
        (String(repeating: "[", count: 100_000), "nested"), (head + "---\nb: 1\n", "one document"),
    ])
    func whatIsWrongIsPointedAt(_ text: String, _ needle: String) {
        let error = #expect(throws: JobError.self) { try Self.job(text) }
        #expect(error?.description.hasPrefix("d/j.yaml") == true)
        #expect(error?.description.contains(needle) == true, "\(String(describing: error))")
        #expect(error?.description.contains("secret-path") == false, "the value of a variable is never told")
    }

    @Test func textThatIsNotUTF8() {
        let error = #expect(throws: JobError.self) {
            try JobSpec.parse(Array("job: a\nx: ".utf8) + [0xff], file: "j", environment: [:])
        }
        #expect(error?.mark == JobMark(line: 2, column: 4))
    }

    @Test func mutatedFilesAreReadOrRefused() {
        let seed = Array(
            (Self.head + "    missing: {known: [1, 2]}\nverify: {tar: auto}\nreport: {file: \"{time}\", keep: 3}\n")
                .utf8)
        let alphabet = Array("ab:-[]{},?&*!|>%@`'\"# \n\t$~0.\u{7f}\u{85}".utf8) + [0xff, 0]
        var read = 0
        let failure = Fuzz.failure(seed: 4) { _, random in
            let text = random.mutated(seed, alphabet: alphabet)
            do throws(JobError) {
                let job = try JobSpec.parse(text, file: "j", environment: [:]).understand()
                read += 1
                return job.sources.isEmpty ? "a job without sources" : nil
            } catch {
                return error.description.hasPrefix("j") ? nil : "an error that does not name the file: \(error)"
            }
        }
        #expect(failure == nil)
        #expect(read > 0 && read < Fuzz.count)
    }

    @Test func theCommittedSchemaAndTablesAreThoseOfTheKeys() throws {
        let docs = "\(TestSupport.repositoryRoot)/docs"
        let schema = try String(contentsOfFile: "\(docs)/job.schema.json", encoding: .utf8)
        #expect(schema == JobSchema.document.text(pretty: true) + "\n", "aismove job schema > docs/job.schema.json")
        let page = try String(contentsOfFile: "\(docs)/jobs.md", encoding: .utf8)
        #expect(page.contains(JobKeyTable.document.trimmingCharacters(in: .newlines)))
    }
}
