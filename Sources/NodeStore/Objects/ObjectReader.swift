import CLinux
import Glibc
import ObjectModel

/// An object's bytes, from front to back.
public final class ObjectReader {
    private let descriptor: Descriptor
    /// Bytes in all.
    public let size: Int64
    /// Bytes read so far.
    public private(set) var offset: Int64 = 0

    init(_ descriptor: Descriptor, size: Int64) {
        self.descriptor = descriptor
        self.size = size
        _ = posix_fadvise(descriptor.number, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    /// Appends the next bytes to the buffer, as many as are free in it; 0 at the end. Precondition: some are free.
    public func read(into buffer: TransferBuffer) throws(StoreError) -> Int {
        let left = size - offset
        if left <= 0 { return 0 }
        let count = try buffer.fill { (free) throws(StoreError) -> Int in
            try SystemCall.check("read", descriptor.path) {
                pread(descriptor.number, free.baseAddress, min(free.count, Int(clamping: left)), off_t(offset))
            }
        }
        offset += Int64(count)
        return count
    }

    /// Goes to a byte, for one member of a tar.
    public func seek(to offset: Int64) { self.offset = min(max(offset, 0), size) }

    var number: Int32 { descriptor.number }

    func identity() throws(StoreError) -> FileStatus.Identity { try descriptor.status().identity }

    /// The file's metadata as it is on the disk, and its time of modification in nanoseconds since 1970.
    public func attribute() throws(StoreError) -> [UInt8]? { try descriptor.attribute(LOM.xattrName) }
}

extension BucketStore {
    /// Opens an object for reading, no link followed anywhere below `%ob`.
    public func open(_ object: String, at placement: Placement) throws(StoreError) -> ObjectReader {
        try refuse(placement)
        return try open(storedName: placement.storedName, on: placement.mountpathIndex)
    }

    /// Opens what stands under a stored name on any mountpath: `verify` reads copies and misplaced objects too.
    public func open(storedName: String, on mountpathIndex: Int) throws(StoreError) -> ObjectReader {
        let (path, name) = Placement.split(storedName)
        let directory = try sides[mountpathIndex].directories.directory(path, make: false)
        let file = try directory.descriptor.open(name, O_RDONLY | O_NONBLOCK)
        let status = try file.status()
        guard status.isRegular else {
            throw StoreError(.conflict, path: file.path, message: "\(status.kindName) stands where an object should be")
        }
        return ObjectReader(file, size: status.size)
    }
}
