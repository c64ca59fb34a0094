import NodeStore

extension BucketStore {
    /// The metadata of an opened object, as a node would demand it.
    func metadata(_ reader: ObjectReader) throws(ShardFailure) -> LOM {
        do {
            guard let bytes = try reader.attribute() else { throw ShardFailure(.store, "has no metadata (xattr)") }
            let lom = try LOM(decoding: bytes)
            guard lom.belongs(toBucket: bucket.bid) else {
                throw ShardFailure(.store, "its metadata names another bucket")
            }
            return lom
        } catch let failure as ShardFailure {
            throw failure
        } catch {
            throw ShardFailure(.store, "\(error)")
        }
    }
}

extension ShardFailure {
    /// An object that a walk found elsewhere than a node looks for it.
    static var misplaced: ShardFailure {
        ShardFailure(.store, "misplaced: HRW puts it on another mountpath, a node answers 404 for it")
    }
}
