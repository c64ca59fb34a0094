/// The known word that a mistyped one is likely to mean.
enum NearestWord {
    /// Nil when none is near: more than a third of it, and more than one letter, would have to change.
    static func find(_ word: String, in known: [String]) -> String? {
        guard word.utf8.count <= 64 else { return nil }
        let nearest = known.map { (word: $0, distance: distance(word, $0)) }.min { $0.distance < $1.distance }
        guard let nearest, nearest.distance <= max(1, nearest.word.count / 3) else { return nil }
        return nearest.word
    }

    /// Letters to be put in, taken out, changed, or swapped with their neighbour. Case and `_` for `-` do not count.
    static func distance(_ one: String, _ other: String) -> Int {
        let (a, b) = (letters(one), letters(other))
        var before = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
                row.append(cost)
            }
            (before, last) = (last, row)
        }
        return last[b.count]
    }

    private static func letters(_ word: String) -> [Character] {
        word.lowercased().map { $0 == "_" ? "-" : $0 }
    }
}
