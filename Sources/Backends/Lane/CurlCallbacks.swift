import CCurl

/// The C functions that libcurl calls; `context` is the `CurlTransfer`, which the lane keeps alive.
enum CurlCallbacks {
    static let header: curl_write_callback = { data, size, count, context in
        guard let data, let context else { return 0 }
        let transfer = Unmanaged<CurlTransfer>.fromOpaque(context)
        return transfer._withUnsafeGuaranteedRef {
            $0.takeHeader(UnsafeRawBufferPointer(start: data, count: size * count))
        }
    }

    static let upload: curl_read_callback = { data, size, count, context in
        guard let data, let context else { return Int(CURL_READFUNC_ABORT) }
        let transfer = Unmanaged<CurlTransfer>.fromOpaque(context)
        return transfer._withUnsafeGuaranteedRef {
            $0.giveBody(UnsafeMutableRawBufferPointer(start: data, count: size * count))
        }
    }

    static let body: curl_write_callback = { data, size, count, context in
        guard let data, let context else { return 0 }
        let transfer = Unmanaged<CurlTransfer>.fromOpaque(context)
        return transfer._withUnsafeGuaranteedRef {
            $0.takeBody(UnsafeRawBufferPointer(start: data, count: size * count))
        }
    }
}
