import Foundation

/// Metrics in Prometheus' text format, as Prometheus' own parser reads them.
public struct Metrics: Decodable, Sendable {
    public struct Sample: Decodable, Sendable {
        public var type: String
        public var labels: [String: String]
        public var value: Double
        public var help: String
    }

    public var families: [String: [Sample]]

    /// - Throws: when the parser refuses the text.
    public init(parsing text: String) throws {
        let script = "\(TestSupport.repositoryRoot)/Tests/Tools/read_metrics.py"
        let parsed = try TestSupport.runChecked(TestSupport.python, ["-B", script], input: Data(text.utf8))
        families = try JSONDecoder().decode([String: [Sample]].self, from: parsed.stdout)
    }

    public init(file: String) throws {
        try self.init(parsing: String(contentsOfFile: file, encoding: .utf8))
    }

    /// The value of the one sample with these labels, `job` aside; nil when there is none.
    public func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        let found = (families[name] ?? []).filter { $0.labels.filter { $0.key != "job" } == labels }
        return found.count == 1 ? found.first?.value : nil
    }

    public var jobs: Set<String?> { Set(families.values.joined().map { $0.labels["job"] }) }
}
