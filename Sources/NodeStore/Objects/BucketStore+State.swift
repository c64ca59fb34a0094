import CLinux
import Glibc

extension BucketStore {
    /// Whether nothing can stand at a place, without a look: this process has made its directory, or found the bucket
    /// empty, and whoever asks knows that it has not put this name there itself. Never in a node's store, where others
    /// write too.
    public func isSurelyFree(_ placement: Placement) -> Bool {
        guard !store.ownership.isNodes else { return false }
        return sides[placement.mountpathIndex].directories.isFresh(placement.split.directory)
    }

    /// Looks at the object's place in two system calls (its directory is opened once, no link followed), and judges as strictly as a node would: metadata that decodes,
    /// its size the file's, its bucket ID this bucket's or none.
    public func state(_ object: String, at placement: Placement) -> LocalObject {
        if let refusal = placement.refusal { return .blocked(refusal.reason) }
        let side = sides[placement.mountpathIndex]
        let (directory, name) = placement.split
        let parent: Descriptor
        do throws(StoreError) {
            parent = try side.directories.directory(directory, make: false).descriptor
        } catch {
            return error.errno == ENOENT ? .absent : .blocked(error.message)
        }
        var status = aismove_status()
        var count = 0
        let capacity = LOM.byteCountMax + 96
        return withUnsafeTemporaryAllocation(byteCount: capacity, alignment: 8) { buffer in
            let result = SystemCall.attempt {
                aismove_object(
                    parent.number, parent.path, name, LOM.xattrName, &status, buffer.baseAddress, capacity, &count)
            }
            switch result {
            case -ENOENT: return .absent
            case -ENOTDIR: return .blocked("a file stands where the object's directory should be")
            case ..<0: return .blocked(String(cString: strerror(-result)))
            default: break
            }
            let file = FileStatus(raw: status)
            guard file.isRegular else { return .blocked("\(file.kindName) stands where the object should be") }
            if count < 0 {
                return .damaged(
                    count == -Int(ENODATA) ? "it has no metadata" : String(cString: strerror(Int32(-count))))
            }
            return judge(Array(buffer[..<count]), file, placement)
        }
    }

    private func judge(_ attribute: [UInt8], _ file: FileStatus, _ placement: Placement) -> LocalObject {
        let lom: LOM
        do throws(LOMError) {
            lom = try LOM(decoding: attribute)
        } catch {
            return .damaged(error.description)
        }
        guard lom.belongs(toBucket: bucket.bid) else { return .damaged("its metadata is of another bucket") }
        if lom.isChunked { return .blocked("a node keeps the object in chunks") }
        guard lom.size == file.size else {
            return .damaged("its file has \(file.size) bytes, its metadata says \(lom.size)")
        }
        if let original = placement.originalFQN, lom.custom[CustomKeys.originalFQN] != original {
            return .damaged("its metadata has another long name")
        }
        return .present(lom, modified: file.modified)
    }
}
