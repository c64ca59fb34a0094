@testable import Archive

/// A whole walk, in pieces of `size` bytes (0: all at once).
enum Walking {
    static func summary(
        _ bytes: [UInt8], pieces size: Int = 0, mode: TarWalker.Mode = .framing
    ) throws(TarError) -> TarSummary {
        var walker = TarWalker(mode: mode)
        var offset = 0
        let step = size == 0 ? max(bytes.count, 1) : size
        while offset < bytes.count {
            let end = min(offset + step, bytes.count)
            try walker.feed(bytes.span.bytes.extracting(offset..<end))
            offset = end
        }
        return try walker.finish()
    }

    static func reason(_ bytes: [UInt8], pieces size: Int = 0, mode: TarWalker.Mode = .framing) -> TarError.Reason? {
        error(bytes, pieces: size, mode: mode)?.reason
    }

    static func error(_ bytes: [UInt8], pieces size: Int = 0, mode: TarWalker.Mode = .framing) -> TarError? {
        do throws(TarError) {
            _ = try summary(bytes, pieces: size, mode: mode)
            return nil
        } catch {
            return error
        }
    }

    static func members(_ bytes: [UInt8], pieces size: Int = 0) throws(TarError) -> [TarMember] {
        var parser = TarParser()
        var members: [TarMember] = []
        var start = 0
        let step = size == 0 ? max(bytes.count, 1) : size
        while start < bytes.count {
            let end = min(start + step, bytes.count)
            var offset = 0
            let piece = bytes.span.bytes.extracting(start..<end)
            while let event = try parser.next(piece, &offset) {
                if case .member(let member) = event { members.append(member) }
            }
            start = end
        }
        try parser.finish()
        return members
    }
}
