import Foundation
import TestSupport

/// The S3 servers of this process; tests have buckets of their own in them.
enum CloudSite {
    private static let gateway = Result { try S3Server(.jfs) }
    private static let weed = Result { try S3Server(.weed) }

    static func shared() throws -> S3Server { try gateway.get() }

    /// SeaweedFS keeps keys as they are, directory markers too; it has room for few buckets.
    static func seaweed() throws -> S3Server { try weed.get() }

    /// A new bucket's name.
    static func name() -> String { "t-\(UUID().uuidString.prefix(8).lowercased())" }
}

/// What is to be in a bucket; see Tests/Tools/s3_seed.py.
struct Seed: Encodable {
    struct Object: Encodable {
        var key: String
        var base64: String
    }

    struct Multipart: Encodable {
        var key: String
        /// Of its parts, in bytes.
        var sizes: [Int]
        /// `SHA256` and the like.
        var checksum: String?
    }

    var bucket: String
    var objects: [Object] = []
    var multipart: [Multipart] = []
    /// Keys to remove.
    var delete: [String] = []

    init(_ bucket: String, _ objects: [String: Data] = [:], multipart: [Multipart] = [], delete: [String] = []) {
        self.bucket = bucket
        self.delete = delete
        self.objects = objects.map { Object(key: $0.key, base64: $0.value.base64EncodedString()) }
        self.multipart = multipart
    }
}

extension Scene {
    /// A store whose commands reach the S3 server with its keys in the environment.
    convenience init(cloud server: S3Server) throws {
        try self.init()
        use(server)
    }

    /// From now on commands reach the S3 server with its keys in the environment.
    func use(_ server: S3Server) {
        environment["AWS_ACCESS_KEY_ID"] = server.accessKey
        environment["AWS_SECRET_ACCESS_KEY"] = server.secretKey
        environment["AWS_ENDPOINT_URL_S3"] = server.endpoint
        environment["AWS_REGION"] = "us-east-1"
        environment["AWS_EC2_METADATA_DISABLED"] = "true"
    }

    func seed(_ seed: Seed, at server: S3Server? = nil) throws {
        try (server ?? CloudSite.shared()).seed(try JSONEncoder().encode(seed))
    }
}
