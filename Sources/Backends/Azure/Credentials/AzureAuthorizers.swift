/// Signs each request to one endpoint with the account's key.
struct AzureKeyAuthorizer: RequestAuthorizer {
    let account: String
    let key: [UInt8]
    /// Requests to others are left alone.
    let endpoint: String
    /// Seconds since 1970.
    let now: @Sendable () -> Double

    func authorize(_ request: HTTPRequest) -> HTTPRequest {
        guard request.url.hasPrefix(endpoint + "/") else { return request }
        var signed = request
        signed.headers.append(HTTPHeader("x-ms-date", HTTPDate.format(Int64(now())), isSecret: true))
        if let range = request.range { signed.headers.append(HTTPHeader("Range", range.headerValue)) }
        let value = SharedKey.authorization(
            request.method, url: request.url, headers: signed.headers, account: account, key: key)
        if request.range != nil { signed.headers.removeLast() }
        signed.headers.append(HTTPHeader("Authorization", value, isSecret: true))
        return signed
    }
}

/// Adds a shared access signature to each URL of one endpoint.
struct AzureSASAuthorizer: RequestAuthorizer {
    let token: String
    /// Requests to others are left alone.
    let endpoint: String

    func authorize(_ request: HTTPRequest) -> HTTPRequest {
        guard request.url.hasPrefix(endpoint + "/") else { return request }
        var signed = request
        signed.url += (request.url.utf8.contains(0x3F) ? "&" : "?") + token
        return signed
    }
}
