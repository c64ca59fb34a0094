import Foundation
import ObjectModel

/// A job file as written: each value of its right type, nothing understood of the sources yet.
public struct JobSpec: Sendable {
    var file = ""
    var settings = Job.Settings()
    var sources: [JobSourceSpec] = []

    /// Reads a job file.
    /// - Parameter environment: for `${NAME}`.
    public static func read(
        file: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(JobError) -> JobSpec {
        guard let handle = FileHandle(forReadingAtPath: file),
            let data = try? handle.read(upToCount: YAMLGuard.bytesMax + 1) ?? Data()
        else { throw JobError(file: file, mark: nil, reason: "cannot be read; check the path and its permissions") }
        return try parse(Array(data), file: file, environment: environment)
    }

    /// - Parameter file: for messages, and for paths beside it.
    public static func parse(
        _ bytes: [UInt8], file: String, environment: [String: String]
    ) throws(JobError) -> JobSpec {
        guard let root = try YAMLReader.read(bytes, file: file) else {
            throw JobError(file: file, mark: nil, reason: "is empty; a job has at least job: and sources:")
        }
        var spec = try JobSpec.value.read(root, JobReading(file: file, environment: environment))
        spec.file = file
        return spec
    }

    /// What the file means.
    /// - Parameter change: what the command line says of each source.
    public func understand(
        _ change: (inout SourceSpec) -> Void = { _ in }
    ) throws(JobError) -> Job {
        var understood: [Source] = []
        for source in sources {
            if settings.verify.sidecar != nil, source.bucket != nil {
                throw JobError(
                    file: file, mark: source.mark,
                    reason: "verify: sidecar: is for URLs, and this is a bucket; digests: verifies its objects too")
            }
            var spec = source.spec
            change(&spec)
            do throws(SourceError) {
                understood.append(try spec.understand())
            } catch {
                throw JobError(file: file, mark: source.mark, reason: source.masked("\(error)"))
            }
        }
        return Job(
            file: file, settings: settings, sources: understood,
            asksSizes: sources.contains { $0.asksSizes == true })
    }
}
