import Testing

@testable import Archive

@Suite struct WebDatasetTests {
    private func walk(_ names: [String], _ mode: TarWalker.Mode = .webdataset) throws(TarError) -> TarSummary {
        var maker = TarMaker()
        for name in names { maker.add(file: name, [1]) }
        return try Walking.summary(maker.ended, mode: mode)
    }

    private func reason(_ names: [String]) -> TarError.Reason? {
        do throws(TarError) {
            _ = try walk(names)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func samplesAndExtensionsAreCounted() throws {
        let names = [
            "d.x/001.jpg", "d.x/001.seg.png", "d.x/001.cls", "d.x/002.jpg", "002.jpg", "003.jpg", "README", ".hidden",
            "003.cls",
        ]
        let summary = try walk(names)
        #expect(summary.samples == 4)
        #expect(summary.extensions == ["jpg": 4, "seg.png": 1, "cls": 2])
        #expect(summary.files == 9)
        #expect(try walk(names, .framing).samples == nil)
    }

    @Test func splitAndRepeatedKeysAreRefused() {
        #expect(reason(["a.jpg", "b.jpg", "a.cls"]) == .keyNotContiguous("a"))
        #expect(reason(["a.jpg", "b.jpg", "a.jpg"]) == .keyNotContiguous("a"))
        #expect(reason(["a.jpg", "a.jpg"]) == .memberRepeated("a.jpg"))
        #expect(reason(["a.jpg", "x/a.jpg", "a.b.jpg"]) == .keyNotContiguous("a"))
        #expect(reason(["a.jpg", "x/a.jpg", "b.jpg"]) == nil)
    }
}
