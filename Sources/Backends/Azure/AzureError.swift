/// What Azure says about a request that it does not carry out: `x-ms-error-code`, else the XML of the body.
struct AzureError: Sendable, Hashable {
    /// `BlobNotFound` and the like; nil when the answer has none.
    let code: String?
    /// The body's first line of words.
    let message: String?

    init(_ head: HTTPResponseHead, body: [UInt8] = []) {
        let found = head.status < 300 || body.isEmpty ? [:] : (try? Self.parse(body)) ?? [:]
        code = [head.headers["x-ms-error-code"], found["Code"]].compactMap { $0 }.first(where: Self.isCode)
        message = found["Message"].flatMap { $0.split(whereSeparator: \.isNewline).first }.map { Self.line($0) }
    }

    /// Worth asking again, whatever the status.
    var isPassing: Bool {
        switch code {
        case "ServerBusy", "OperationTimedOut", "InternalError": true
        default: false
        }
    }

    /// Who we are is not good enough, whatever the status.
    var isRefusal: Bool {
        switch code {
        case "AuthenticationFailed", "AuthorizationFailure", "AuthorizationPermissionMismatch",
            "AuthorizationProtocolMismatch", "AuthorizationResourceTypeMismatch", "AuthorizationServiceMismatch",
            "AuthorizationSourceIPMismatch", "InsufficientAccountPermissions", "InvalidAuthenticationInfo",
            "KeyBasedAuthenticationNotPermitted", "NoAuthenticationInformation", "PublicAccessNotPermitted",
            "AccountIsDisabled":
            true
        default: false
        }
    }

    /// A container that cannot be: its name is against Azure's rules.
    var isBadContainer: Bool { code == "InvalidResourceName" || code == "OutOfRangeInput" }

    /// For a person: what to do where that is known, else the server's words.
    func explained(_ status: Int) -> String {
        switch code {
        case "BlobArchived": return "\(status): the blob is archived: rehydrate it first"
        case "BlobBeingRehydrated": return "\(status): the blob is still being rehydrated"
        case "BlobUsesCustomerSpecifiedEncryption":
            return "\(status): the blob is encrypted with a key of the customer's"
        case "PublicAccessNotPermitted": return "\(status): the account lets nobody in without credentials"
        case "KeyBasedAuthenticationNotPermitted": return "\(status): the account takes no keys and no SAS of keys"
        default: break
        }
        let words = [code, message].compactMap { $0 }.joined(separator: ": ")
        return words.isEmpty ? "\(status): the server says no more" : "\(status): \(words)"
    }

    /// A code is a word; anything else is not repeated to users.
    private static func isCode(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { (0x41...0x5A).contains($0 & 0xDF) || (0x30...0x39).contains($0) }
    }

    /// A server's words as one short line.
    static func line(_ text: some StringProtocol) -> String {
        let shown = text.unicodeScalars.prefix(300).map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        return String(String.UnicodeScalarView(shown))
    }

    private static func parse(_ body: [UInt8]) throws(XMLError) -> [String: String] {
        var reader = try XMLReader(body, maxBytes: 1 << 20)
        guard try reader.root() == "Error" else { return [:] }
        var found: [String: String] = [:]
        while let name = try reader.child() {
            switch name {
            case "Code", "Message": found[name] = try reader.text()
            default: try reader.skip()
            }
        }
        return found
    }
}
