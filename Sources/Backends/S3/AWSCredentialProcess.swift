import Foundation

/// `credential_process`: a command that prints keys as JSON.
struct AWSCredentialProcess {
    static let secondsMax = 60.0

    private let environment: CloudEnvironment

    init(_ environment: CloudEnvironment) { self.environment = environment }

    /// Run by the shell. What it writes is never shown: it may hold secrets.
    func run(_ command: String) throws(BackendError) -> AWSCredentials {
        let subject = "credential_process"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.environment = environment.variables
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { throw BackendError(.credentials, subject, "the command cannot be run") }
        // Output beyond the pipe's buffer would stall the command: keys are far shorter.
        let end = LaneClock.monotonic() + Self.secondsMax
        while process.isRunning {
            guard LaneClock.monotonic() < end, !environment.stopped() else {
                process.terminate()
                throw BackendError(
                    environment.stopped() ? .cancelled : .credentials, subject, "the command did not end in time")
            }
            Thread.sleep(forTimeInterval: 0.01)
        }
        guard process.terminationStatus == 0 else {
            throw BackendError(
                .credentials, subject, "the command ended with \(process.terminationStatus): run it by hand to see why")
        }
        let data = (try? pipe.fileHandleForReading.readToEnd()) ?? nil
        return try AWSCredentialFetcher.credentials(Array(data ?? Data()), tokenName: "SessionToken", subject)
    }
}
