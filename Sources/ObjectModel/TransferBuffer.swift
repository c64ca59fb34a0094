/// A lane's buffer: allocated once, filled by libcurl's callback, then read as a `RawSpan` by whoever hashes, writes
/// and checks it. The one type outside the C modules' owners that holds a pointer (ARCHITECTURE.md, invariant 4).
///
/// Not thread-safe: a buffer belongs to one lane at a time.
public final class TransferBuffer {
    private var storage: UnsafeMutableRawBufferPointer

    /// Bytes filled so far.
    public private(set) var count = 0

    /// Allocates `capacity` bytes, uninitialised.
    public init(capacity: Int) {
        storage = .allocate(byteCount: max(capacity, 1), alignment: 64)
    }

    deinit { storage.deallocate() }

    /// Bytes that fit before the buffer must be emptied or grown.
    public var capacity: Int { storage.count }

    /// Bytes that can still be appended.
    public var free: Int { storage.count - count }

    /// Forgets the bytes; keeps the memory.
    public func removeAll() { count = 0 }

    /// Makes room for at least `capacity` bytes in all, keeping what is there.
    public func grow(to capacity: Int) {
        guard capacity > storage.count else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<count]))
        storage.deallocate()
        storage = larger
    }

    /// Appends bytes. Precondition: they fit into `free`.
    public func append(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count <= free, "a transfer buffer overflowed")
        guard let source = bytes.baseAddress, let base = storage.baseAddress else { return }
        (base + count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    /// Appends bytes. Precondition: they fit into `free`.
    public func append(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// Lets `body` write into the free part; it returns how many bytes it added.
    public func fill<E: Error>(_ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int) throws(E) -> Int {
        let added = try body(UnsafeMutableRawBufferPointer(rebasing: storage[count...]))
        precondition(added >= 0 && added <= free, "a transfer buffer was filled past its end")
        count += added
        return added
    }

    /// The filled bytes, valid during `body`.
    public func withBytes<R: ~Copyable, E: Error>(_ body: (RawSpan) throws(E) -> R) throws(E) -> R {
        try body(RawSpan(_unsafeBytes: filled))
    }

    /// The filled bytes for a C library that keeps the pointer beyond a call; valid until the buffer next changes.
    public var filled: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[..<count]) }

    /// A copy of the filled bytes.
    public var bytes: [UInt8] { Array(filled) }

    /// The filled bytes as text; what is not UTF-8 becomes U+FFFD.
    public var text: String { String(decoding: filled, as: UTF8.self) }
}
