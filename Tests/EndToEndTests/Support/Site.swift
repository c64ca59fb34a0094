import Foundation
import TestSupport

/// The one nginx of this process, with a document root that every test has a folder of its own in.
enum Site {
    private static let root = Result { try TestSupport.scratch("www") }
    private static let server = Result { try NginxServer.start(www: root.get().path) }

    static func shared() throws -> NginxServer { try server.get() }
}
