import NodeStore
import ObjectModel

/// What a change of a bucket's properties leaves to be done for the objects that are there, and by whom: whole
/// sentences, with the exact command.
public struct PropNotes: Sendable, Hashable {
    public let lines: [String]

    /// - Parameters:
    ///   - before: nil when the bucket was made just now.
    ///   - objects: how many the bucket has.
    public init(before: BMDBucket?, after: BMDBucket, objects: Int) {
        var lines: [String] = []
        let cname = after.bucket.cname
        if let command = ECEncode.command(after), before.flatMap(ECEncode.command) == nil {
            lines.append("\(ECEncode.remark): \(command)")
        }
        if let before, objects > 0 {
            if before.mirrorCopies != after.mirrorCopies {
                lines.append(
                    "\(objects) objects have \(Self.copies(before.mirrorCopies)), not \(after.mirrorCopies); this makes them so: "
                        + "aismove verify \(cname) --repair")
            }
            if before.checksumType != after.checksumType {
                lines.append("\(objects) objects keep the checksum they have (\(before.checksumType.rawValue))")
            }
        }
        self.lines = lines
    }

    private static func copies(_ count: Int) -> String { count == 1 ? "1 copy" : "\(count) copies" }
}

/// Erasure coding is recorded in the BMD and carried out by the node.
public enum ECEncode {
    /// What the command is for.
    public static let remark = "the running node makes the slices of this bucket's objects when it is told to"

    /// The command of AIStore's own `ais` that makes a node erasure-code a bucket; nil when it is not to be.
    public static func command(_ bucket: BMDBucket) -> String? {
        guard let ec = bucket.props["ec"], ec["enabled"]?.bool == true else { return nil }
        let (data, parity) = (ec["data_slices"]?.integer ?? 2, ec["parity_slices"]?.integer ?? 2)
        return "ais start ec-encode \(bucket.bucket.cname) --data-slices \(data) --parity-slices \(parity)"
    }
}
