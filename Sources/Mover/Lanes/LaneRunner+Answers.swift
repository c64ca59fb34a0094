import Backends
import ObjectModel

/// What an answer to a lane means for its shard: received, present, missing, asked for again, or given up.
extension LaneRunner {
    /// Decides what an answer means and sees it through.
    func settle(_ flight: Flight, tag: Int, head: HTTPResponseHead, inline: TransferBuffer?) {
        let job = flight.job
        let errorBody = head.status > 299 && job.backend != nil ? inline?.first(ErrorBody.bytesMax) ?? [] : []
        let answer = context.answer(
            head, to: flight.request, resume: flight.resume, of: job.backend, errorBody: errorBody)
        if case .elsewhere = answer {} else { job.detours = 0 }
        switch answer {
        case .body(let total, let promised, let validator):
            let isHead = flight.request.method == .head
            if job.isUnchanged(validator, isHead: isHead, promised: promised) { return finisher.present(job) }
            if isHead { return fetchWhole(job) }
            receive(
                job, tag: tag, inline: inline,
                .init(head: head, total: total, promised: promised + job.digests, validator: validator))
        case .partial(let from, let total, let promised, let validator):
            receive(
                job, tag: tag, inline: inline,
                .init(
                    head: head, total: total, promised: promised + job.digests, validator: validator, offset: from))
        case .notModified: finisher.present(job)
        case .missing(let status): finisher.missing(job, status: status)
        case .refused(let status): refused(flight, head, status: status, errorBody)
        case .startOver(let reason): startOver(job, reason: reason)
        case .elsewhere(let url): ask(job, at: url)
        case .retryable(let status, let retryAfter):
            context.noteThrottle(url: job.url, status: status, retryAfter: retryAfter)
            again(job, after: .status(status), retryAfter: retryAfter, reason: "the source answers \(status)")
        case .failed where flight.request.method == .head: fetchWhole(job)
        case .failed(_, let message): finisher.fail(job, with: ShardFailure(.transfer, message))
        }
    }

    /// Credentials are renewed, once for all lanes; with new ones the shard is asked for again.
    private func refused(_ flight: Flight, _ head: HTTPResponseHead, status: Int, _ errorBody: [UInt8]) {
        let job = flight.job
        if job.renewals < 2, let authorizer = job.backend?.authorizer, authorizer.renew(after: flight.request) {
            job.renewals += 1
            return queue.delay(job, seconds: 0)
        }
        finisher.fail(job, with: ErrorBody.refusal(of: job, head, errorBody))
    }

    private func ask(_ job: ShardJob, at url: String) {
        job.detours += 1
        guard job.detours <= ShardJob.elsewhereAtMost else {
            return finisher.fail(job, with: ShardFailure(.transfer, "sent from one place to another without end"))
        }
        job.elsewhere = url
        queue.delay(job, seconds: 0)
    }

    /// After a HEAD that showed a change, or was not to be had.
    private func fetchWhole(_ job: ShardJob) {
        job.mustFetch = true
        queue.delay(job, seconds: 0)
    }

    private func receive(_ job: ShardJob, tag: Int, inline: TransferBuffer?, _ announcement: ColdGet.Announcement) {
        let body: any ObjectBody =
            inline.map(InlineBody.init)
            ?? StreamedBody(
                context: context, port: port, tag: tag, meter: meter, job: job, buffer: buffer,
                total: announcement.total, validator: announcement.validator, offset: announcement.offset)
        do {
            let announced = try PartSizer(context: context, lane: port.lane, job: job).complete(announcement)
            let received = try ColdGet(context: context, job: job, announcement: announced)
                .run(body: body, scratch: buffer)
            finisher.commit(received, of: job, isSmall: inline != nil)
        } catch BodyInterruption.restart(let reason) {
            startOver(job, reason: reason)
        } catch BodyInterruption.failed(let failure) {
            finisher.fail(job, with: failure)
        } catch BodyInterruption.stopped {
            return
        } catch let none as Unanswered {
            again(job, after: none.failure, retryAfter: none.retryAfter, reason: none.reason)
        } catch let failure as ShardFailure where failure.isVerification && job.firstVerdict == nil {
            job.firstVerdict = failure
            context.recorder.retried(throttled: false)
            queue.delay(job, seconds: 0)
        } catch {
            finisher.fail(job, with: error)
        }
    }

    /// A body that cannot be continued counts as a failed attempt.
    private func startOver(_ job: ShardJob, reason: String) {
        job.partial?.discard()
        job.partial = nil
        let broken = TransportError(.shortBody, url: job.shownURL, message: reason)
        again(job, after: .transport(broken), retryAfter: nil, reason: reason)
    }

    /// Keeps the job for a later attempt, or gives it up.
    func again(_ job: ShardJob, after failure: RetryPolicy.Failure, retryAfter: Double?, reason: String) {
        if context.stop.isStopped { return }
        job.attempts += 1
        let decision = context.retry.decide(
            failure: failure, attempt: job.attempts, retryAfter: retryAfter, random: .random(in: 0..<1))
        switch decision {
        case .retry(let seconds):
            context.recorder.retried(throttled: retryAfter != nil)
            queue.delay(job, seconds: seconds)
        case .giveUp:
            finisher.fail(job, with: job.givenUp(after: failure, reason: reason))
        }
    }

    /// - Returns: false when the shard has failed, or is to be asked for later.
    func hasSidecar(_ job: ShardJob) -> Bool {
        do {
            try SidecarAsker(context: context, lane: port.lane, job: job).ask()
            return true
        } catch BodyInterruption.stopped {
            return false
        } catch let none as Unanswered {
            again(job, after: none.failure, retryAfter: none.retryAfter, reason: none.reason)
        } catch {
            finisher.fail(job, with: error)
        }
        return false
    }
}
