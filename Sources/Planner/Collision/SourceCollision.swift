/// Whether ranges of one job give one object, decided before anything moves. (What lists and index pages say is seen
/// only when they are read: `ShardSequence` then makes the second a conflict.) Name filters are not looked at.
public enum SourceCollision {
    /// Throws for the first pair found, in the order of the sources.
    public static func check(_ sources: [Source]) throws(PlanError) {
        let ranges = sources.compactMap { source in
            source.places.map { (shown: source.spec.shown, url: source.range?.url, places: $0) }
        }
        for (index, one) in ranges.enumerated() {
            // A range in a query gives one name more than once.
            let twice = one.url.map { $0.template.ranges[$0.pathRangeCount...].contains { $0.count > 1 } } ?? false
            let same =
                twice
                ? one.places.name(at: 0)
                : try decide { () throws(TemplateCollision.Undecided) in
                    try TemplateCollision.find(within: one.places)
                }
            if let same { throw .collision(first: one.shown, second: one.shown, object: same) }
            for other in ranges[..<index] {
                let same = try decide { () throws(TemplateCollision.Undecided) in
                    try TemplateCollision.find(other.places, one.places)
                }
                if let same { throw .collision(first: other.shown, second: one.shown, object: same) }
            }
        }
    }

    private static func decide(
        _ body: () throws(TemplateCollision.Undecided) -> String?
    ) throws(PlanError) -> String? {
        do throws(TemplateCollision.Undecided) {
            return try body()
        } catch {
            throw .undecided(error)
        }
    }
}
