import Backends
import NodeStore
import ObjectModel

/// Reads what sources refer to: asks the network for index pages and for lists at URLs, drains standard input.
public struct SourceReader {
    /// Bytes at most of an index page, and of a list from a URL or from standard input.
    public static let contentBytesMax = 64 << 20

    private static let standardInput = "standard input"

    private let lane: PatientLane

    public init(_ lane: PatientLane) { self.lane = lane }

    public func read(_ sources: [Source]) throws -> SourceContents {
        var contents = SourceContents()
        for (number, source) in sources.enumerated() {
            switch source.kind {
            case .index(let url): contents.contents[number] = try readIndex(url, source, &contents.incomplete)
            case .list(let file, let base):
                if isURL(file) {
                    let bytes = try fetch(file, source).body
                    contents.contents[number] = .list(name: URLText.redacted(file), base: base, bytes: bytes)
                } else if file == "-" {
                    contents.contents[number] = .list(
                        name: Self.standardInput, base: base, bytes: try readStandardInput())
                }
            case .range, .single, .bucket: break
            }
            if !source.spec.digests.isEmpty { contents.digests[number] = try readDigests(source) }
        }
        return contents
    }

    /// Names count as they are: no URL is made of the base, which only says that names alone are enough.
    private func readDigests(_ source: Source) throws -> DigestList {
        let base = "/"
        var list = DigestList()
        for file in source.spec.digests {
            if isURL(file) {
                let name = URLText.redacted(file)
                try list.add(ListReader(name: name, base: base, bytes: try fetch(file, source).body), file: name)
            } else if file == "-" {
                let name = Self.standardInput
                try list.add(ListReader(name: name, base: base, bytes: try readStandardInput()), file: name)
            } else {
                try list.add(try ListReader.open(file, base: base), file: file)
            }
        }
        return list
    }

    /// - Throws: `TransportError` of `.cancelled` when the run is stopped meanwhile, as a request would.
    private func readStandardInput() throws -> [UInt8] {
        let content: StandardInput.Content
        do {
            content = try StandardInput.read(bytesMax: Self.contentBytesMax, stopped: { lane.isStopped })
        } catch {
            throw ListError(file: "-", line: 0, reason: error.message)
        }
        switch content {
        case .whole(let bytes): return bytes
        case .stopped: throw TransportError(.cancelled, url: Self.standardInput, message: "stopped")
        case .tooLong:
            let limit = Self.contentBytesMax >> 20
            throw ListError(
                file: "-", line: 0,
                reason: "has more than \(limit) MiB; write the list to a file and name that instead of -")
        }
    }

    private func readIndex(_ url: String, _ source: Source, _ incomplete: inout [String]) throws
        -> SourceContents.Content
    {
        let (head, body) = try fetch(url, source)
        let listing: IndexListing
        do {
            listing = try IndexPage.parse(
                body: body, contentType: head.headers["Content-Type"] ?? "", pageURL: head.url)
        } catch {
            throw SourceError(word: source.spec.shown, reason: "\(error)")
        }
        if !listing.isComplete { incomplete.append("\(URLText.redacted(url)): the index page ends before its end") }
        var items = listing.entries.map { ListedItem(url: $0.url, name: $0.name, size: $0.size) }
        items += listing.refused.map { ListedItem(url: url, name: $0.reference, defect: $0.reason) }
        return .known(name: URLText.redacted(url), KnownShards(items))
    }

    private func fetch(_ url: String, _ source: Source) throws -> (head: HTTPResponseHead, body: [UInt8]) {
        let answer = try lane.perform(
            HTTPRequest(url: url, headers: source.headers.fields(for: url)), bodyLimit: Self.contentBytesMax)
        guard answer.head.status == 200 else {
            throw UnreadableSource(url: URLText.redacted(url), status: answer.head.status)
        }
        return answer
    }

    private func isURL(_ text: String) -> Bool { text.hasPrefix("http://") || text.hasPrefix("https://") }
}

/// A list or an index page that its server does not give.
public struct UnreadableSource: Error, Sendable, Hashable, CustomStringConvertible {
    public let url: String
    public let status: Int

    public var isRefused: Bool { status == 401 || status == 403 || status == 407 }

    public var description: String {
        isRefused
            ? "\(url): the source answers \(status); check credentials (--header-file, .netrc) and rights"
            : "\(url): the source answers \(status); check the URL"
    }
}
