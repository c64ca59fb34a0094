import Foundation
import Hashing
import ObjectModel
import Testing

@testable import Backends

/// A backend whose objects can be read; `url` says where each is.
struct ObjectSubject {
    var name: String
    var backend: any Backend
    var environment: CloudEnvironment
    var objects: [ConformanceObject]
    var url: (String) -> String
    /// Whether a digest of the whole object comes with an answer.
    var promisesDigests = true
    /// Whether there are conditional requests; false for servers that ignore conditions.
    var givesConditions = true

    init(
        _ name: String, _ backend: any Backend, _ environment: CloudEnvironment, _ objects: [ConformanceObject],
        url: @escaping (String) -> String
    ) {
        self.name = name
        self.backend = backend
        self.environment = environment
        self.objects = objects
        self.url = url
    }
}

/// Objects: whole, in part, conditional, missing.
func runObjectConformance(_ subject: ObjectSubject) throws {
    let check = ObjectConformance(subject)
    for object in subject.objects { try check.isRead(object.name, object.bytes) }
    try check.resumes("large.bin")
    if subject.givesConditions { try check.isConditional("large.bin") }
    try check.isMissing("no such object")
    try check.isMissing("many/000/below")
}

/// An answer's meaning, with its head and body.
struct Exchanged {
    var answer: ObjectAnswer
    var head: HTTPResponseHead
    var body: [UInt8]
}

private struct ObjectConformance {
    let subject: ObjectSubject
    let lane: CurlLane

    init(_ subject: ObjectSubject) {
        self.subject = subject
        lane = CurlLane(subject.environment.network)
    }

    func isRead(_ name: String, _ bytes: [UInt8]) throws {
        let url = subject.url(name)
        let label: Comment = "\(subject.name): \(name)"
        let asked = try exchange(subject.backend.headRequest(url))
        guard case .body(let total, _, let known) = asked.answer else {
            Issue.record("\(subject.name): HEAD of \(name): \(asked.answer)")
            return
        }
        #expect(total == Int64(bytes.count), label)
        let got = try exchange(subject.backend.objectRequest(url, resume: nil))
        guard case .body(let length, let promised, let validator) = got.answer else {
            Issue.record("\(subject.name): GET of \(name): \(got.answer)")
            return
        }
        #expect(got.body == bytes, label)
        #expect(length == Int64(bytes.count), label)
        #expect(validator.isSameObject(as: known) != false, label)
        #expect(!subject.promisesDigests || !promised.isEmpty, label)
        for promise in promised {
            #expect(Digest.of(bytes.span.bytes, promise.digest.algorithm) == promise.digest, "\(promise) of \(name)")
        }
    }

    /// Continues from the middle, and from the last byte; with another object's validator everything comes anew.
    func resumes(_ name: String) throws {
        guard let bytes = subject.objects.bytes(of: name), let validator = try validator(of: name), validator.isStrong
        else {
            Issue.record("\(subject.name): \(name) has no strong validator")
            return
        }
        for kept in [1, 100_000, bytes.count - 1, bytes.count] {
            guard let point = ResumePoint(keptBytes: Int64(kept), validator: validator) else { continue }
            let rest = try exchange(subject.backend.objectRequest(subject.url(name), resume: point), resume: point)
            guard case .partial(let from, let total, let promised, _) = rest.answer else {
                Issue.record("\(subject.name): resumed at \(kept): \(rest.answer)")
                continue
            }
            #expect(from == point.offset && total == Int64(bytes.count), "\(subject.name): \(kept)")
            #expect(rest.body == Array(bytes[Int(point.offset)...]), "\(subject.name): \(kept)")
            for promise in promised {
                #expect(Digest.of(bytes.span.bytes, promise.digest.algorithm) == promise.digest, "\(promise)")
            }
        }
        guard let other = try self.validator(of: "many/001"),
            let point = ResumePoint(keptBytes: 50, validator: Validator(etag: other.etag, length: validator.length))
        else { return }
        let anew = try exchange(subject.backend.objectRequest(subject.url(name), resume: point), resume: point)
        switch anew.answer {
        case .startOver: break
        case .body: #expect(anew.body == bytes)
        default: Issue.record("\(subject.name): resumed another object: \(anew.answer)")
        }
    }

    func isConditional(_ name: String) throws {
        guard let validator = try validator(of: name), let other = try self.validator(of: "many/001"),
            let same = subject.backend.conditionalRequest(subject.url(name), unlike: validator),
            let unlike = subject.backend.conditionalRequest(subject.url(name), unlike: other)
        else {
            Issue.record("\(subject.name): no condition")
            return
        }
        #expect(try exchange(same).answer == .notModified, "\(subject.name)")
        let anew = try exchange(unlike)
        #expect(anew.body == subject.objects.bytes(of: name), "\(subject.name): \(anew.answer)")
    }

    func isMissing(_ name: String) throws {
        let url = subject.url(name)
        for request in [subject.backend.headRequest(url), subject.backend.objectRequest(url, resume: nil)] {
            let got = try exchange(request)
            guard case .missing = got.answer else {
                Issue.record("\(subject.name): \(request.method) of nothing: \(got.answer)")
                continue
            }
        }
    }

    private func validator(of name: String) throws -> Validator? {
        let asked = try exchange(subject.backend.headRequest(subject.url(name)))
        guard case .body(_, _, let validator) = asked.answer else { return nil }
        return validator
    }

    private func exchange(_ request: HTTPRequest, resume: ResumePoint? = nil) throws -> Exchanged {
        try lane.exchange(request, subject.backend, resume: resume)
    }
}

extension CurlLane {
    /// One request as a run makes it: authorized, and asked again where the backend says so.
    func exchange(_ request: HTTPRequest, _ backend: any Backend, resume: ResumePoint? = nil) throws -> Exchanged {
        var request = request
        for _ in 0..<4 {
            let fetched = fetch(try backend.authorizer?.authorize(request) ?? request, inlineLimit: 4 << 20)
            if let error = fetched.error { throw error }
            guard let head = fetched.head else { break }
            let answer = backend.answer(
                head, to: request, resume: resume, errorBody: fetched.body, now: Date().timeIntervalSince1970)
            switch answer {
            case .elsewhere(let url): request.url = url
            case .retryable: usleep(20_000)
            default: return Exchanged(answer: answer, head: head, body: fetched.body)
            }
        }
        throw TransportError(.protocolError, url: request.url, message: "no answer that counts")
    }
}
