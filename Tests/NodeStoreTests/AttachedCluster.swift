import NodeStore

/// The store's `Attachment`: Swift Testing has one too.
typealias AttachedCluster = Attachment
