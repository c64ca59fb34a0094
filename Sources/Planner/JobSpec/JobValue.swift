/// How a value of a job file is read, and what it looks like. The one thing that keys are made of.
struct JobValue<Value: Sendable>: Sendable {
    let shape: JobShape
    let read: @Sendable (JobNode, JobReading) throws(JobError) -> Value

    /// A text, checked and turned into a value; `parse` gives nil, or throws what is wrong with it.
    static func text(
        _ form: JobShape.Form,
        _ parse: @escaping @Sendable (JobText, JobReading) throws(JobText.Fault) -> Value?
    ) -> JobValue {
        let shape = JobShape.text(form)
        return JobValue(shape: shape) { node, reading throws(JobError) in
            let text = try reading.text(node, shape, takesNumber: form.takesNumber)
            do throws(JobText.Fault) {
                if let value = try parse(text, reading) { return value }
            } catch {
                throw reading.error(node, error.reason)
            }
            throw reading.misfit(node, shape)
        }
    }

    /// One word or number of a shape that needs no quotes.
    static func scalar(
        _ shape: JobShape, _ parse: @escaping @Sendable (String) -> Value?
    ) -> JobValue {
        JobValue(shape: shape) { node, reading throws(JobError) in
            let text = try reading.text(node, shape, takesNumber: true)
            guard let value = parse(text.value) else { throw reading.misfit(node, shape) }
            return value
        }
    }

    /// Another way to read what is a section or a list.
    func orSection(_ section: JobValue) -> JobValue {
        JobValue(shape: .either(shape, section.shape)) { node, reading throws(JobError) in
            if case .map = node.content { return try section.read(node, reading) }
            return try self.read(node, reading)
        }
    }

    func map<Other>(_ change: @escaping @Sendable (Value) -> Other) -> JobValue<Other> {
        JobValue<Other>(shape: shape) { node, reading throws(JobError) in change(try self.read(node, reading)) }
    }

    /// A list of such.
    var list: JobValue<[Value]> {
        let shape = JobShape.list(shape)
        return JobValue<[Value]>(shape: shape) { node, reading throws(JobError) in
            guard case .list(let elements) = node.content else { throw reading.misfit(node, shape) }
            guard !elements.isEmpty else { throw reading.error(node, "is an empty list; leave the key out") }
            var values: [Value] = []
            for element in elements { values.append(try self.read(element, reading)) }
            return values
        }
    }

    /// One such, or a list of them.
    var oneOrMore: JobValue<[Value]> {
        let (one, more) = (self, list)
        return JobValue<[Value]>(shape: .either(shape, more.shape)) { node, reading throws(JobError) in
            if case .list = node.content { return try more.read(node, reading) }
            return [try one.read(node, reading)]
        }
    }
}

/// What values are read with.
struct JobReading: Sendable {
    let file: String
    let environment: [String: String]

    /// Where relative paths begin: the job file's own folder.
    var directory: String { file.contains("/") ? String(file[...(file.lastIndex(of: "/") ?? file.startIndex)]) : "" }

    func error(_ node: JobNode, _ reason: String) -> JobError {
        JobError(file: file, mark: node.mark, reason: reason)
    }

    /// The value is not what the key takes.
    func misfit(_ node: JobNode, _ shape: JobShape) -> JobError {
        error(node, "\(node.title) is not what is wanted here: \(shape.title)")
    }

    /// A scalar's text with `${NAME}`s replaced.
    /// - Parameter takesNumber: numbers and flags need no quotes.
    func text(_ node: JobNode, _ shape: JobShape, takesNumber: Bool) throws(JobError) -> JobText {
        guard case .scalar(let written, let isPlain) = node.content else { throw misfit(node, shape) }
        if isPlain {
            switch PlainScalar(written) {
            case .nothing: throw error(node, "has no value; give one (\(shape.title)), or leave the key out")
            case .number where !takesNumber, .flag where !takesNumber:
                if case .text(let form) = shape, form.pattern != nil { throw misfit(node, shape) }
                throw error(node, "\(node.title) is not a text; put it into quotes if it is meant as one")
            case .number, .flag, .text: break
            }
        }
        let text: JobText
        do throws(JobText.Fault) {
            text = try JobText(written, environment: environment)
        } catch {
            throw self.error(node, error.reason)
        }
        guard !text.value.isEmpty else {
            throw error(node, written.isEmpty ? "is empty" : "\(written) is set to nothing")
        }
        guard !text.value.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else {
            throw error(node, "holds a control character")
        }
        return text
    }
}
