import ObjectModel

/// One key of a section: what it is for, and where its value goes.
struct JobKey<Section: Sendable>: Sendable {
    let note: JobKeyNote
    let take: @Sendable (JobNode, JobReading, inout Section) throws(JobError) -> Void

    init<Value>(
        _ name: String, _ value: JobValue<Value>, _ place: WritableKeyPath<Section, Value?> & Sendable,
        standard: String = "", isRequired: Bool = false, _ note: String
    ) {
        self.note = JobKeyNote(
            name: name, shape: value.shape, standard: standard, isRequired: isRequired, note: note)
        take = { node, reading, section throws(JobError) in
            section[keyPath: place] = try value.read(node, reading)
        }
    }
}

extension JobKey {
    /// What is there, empty, without its key too.
    init<Value>(
        _ name: String, _ value: JobValue<Value>, _ place: WritableKeyPath<Section, Value> & Sendable,
        isRequired: Bool = false, _ note: String
    ) {
        self.note = JobKeyNote(name: name, shape: value.shape, standard: "", isRequired: isRequired, note: note)
        take = { node, reading, section throws(JobError) in
            section[keyPath: place] = try value.read(node, reading)
        }
    }
}

extension JobValue {
    /// A section of keys: every key is known and given once.
    /// - Parameters:
    ///   - title: what messages call it.
    ///   - rules: what the schema says beside the keys.
    ///   - check: what the keys must be together; may look at the node for places.
    static func section(
        _ title: String, of empty: Value, _ keys: [JobKey<Value>], rules: [String: JSONValue] = [:],
        check: @escaping @Sendable (inout Value, JobNode, JobReading) throws(JobError) -> Void = { _, _, _ in }
    ) -> JobValue {
        let shape = JobShape.section(JobSectionNote(keys: keys.map(\.note), rules: rules))
        return JobValue(shape: shape) { node, reading throws(JobError) in
            guard case .map(let members) = node.content else { throw reading.misfit(node, shape) }
            var section = empty
            for member in members {
                guard let key = keys.first(where: { $0.note.name == member.key }) else {
                    throw unknown(member, in: title, keys.map(\.note.name), reading)
                }
                try key.take(member.value, reading, &section)
            }
            for key in keys where key.note.isRequired && node[key.note.name] == nil {
                throw reading.error(node, "\(title) lacks the key \"\(key.note.name)\": \(key.note.note)")
            }
            try check(&section, node, reading)
            return section
        }
    }

    private static func unknown(
        _ member: JobNode.Member, in title: String, _ known: [String], _ reading: JobReading
    ) -> JobError {
        let nearest = NearestWord.find(member.key, in: known).map { "; did you mean \($0)?" } ?? ";"
        return JobError(
            file: reading.file, mark: member.mark,
            reason: "unknown key \(NameError.printable(member.key)) in \(title)\(nearest)"
                + " Known: \(known.joined(separator: ", "))")
    }
}
