import Foundation
import NodeStore
import ObjectModel
import TestSupport
import Testing

@Suite struct AttachmentsTests {
    private static let sighting = AttachedCluster.Sighting(
        uuid: "gw1OWWdOt", primary: "p[urDthYyE]", smapVersion: 4, targets: 10, smap: ["uuid": "gw1OWWdOt"])

    @Test func areKeptInTheStore() throws {
        let scratch = try StoreScratch()
        let store = try scratch.store()
        #expect(try store.attachments().all.isEmpty)
        try store.changeAttachments { attachments throws(StoreError) in
            try attachments.attach("remais", urls: ["http://a:1", "http://b:1"])
            try attachments.attach("never", urls: ["http://c:1"])
            attachments.saw("remais", Self.sighting)
        }
        let again = try NodeStore.open(directory: store.directory)
        let found = try again.attachments()
        #expect(found.all.map(\.alias) == ["never", "remais"])
        #expect(found.find("gw1OWWdOt") == found.find("remais"))
        #expect(found.find("remais")?.lastSeen == Self.sighting)
        #expect(found.find("remais")?.isOnline == true)
        #expect(found.find("never")?.lastSeen == nil)
        #expect(again.mountpaths == store.mountpaths)
        // What was known stays while the cluster is away, and the store opened earlier sees it too.
        try again.changeAttachments { $0.missed("remais") }
        #expect(try store.attachments().find("remais")?.isOnline == false)
        #expect(try store.attachments().find("remais")?.lastSeen == Self.sighting)
        var detached: AttachedCluster?
        try again.changeAttachments { attachments throws(StoreError) in
            detached = try attachments.detach("gw1OWWdOt")
        }
        #expect(detached?.alias == "remais")
        #expect(try store.attachments().find("remais") == nil)
    }

    @Test func aliasAndUUIDAreInterchangeable() throws {
        var attachments = Attachments()
        try attachments.attach("remais", urls: ["http://a:1"])
        #expect(attachments.resolved(Namespace(uuid: "remais")) == nil)
        attachments.saw("remais", Self.sighting)
        for name in ["remais", "gw1OWWdOt"] {
            #expect(attachments.resolved(Namespace(uuid: name, name: "ns")) == Namespace(uuid: "gw1OWWdOt", name: "ns"))
            #expect(attachments.find(Namespace(uuid: name))?.alias == "remais")
        }
        #expect(attachments.resolved(Namespace(name: "ns")) == Namespace(name: "ns"))
        #expect(attachments.find(Namespace(name: "ns")) == nil)
        #expect(attachments.resolved(Namespace(uuid: "other")) == nil)
    }

    @Test func aClusterHasOneAlias() throws {
        var attachments = Attachments()
        try attachments.attach("one", urls: ["http://a:1"])
        attachments.saw("one", Self.sighting)
        try attachments.attach("two", urls: ["http://b:1"])
        attachments.saw("two", Self.sighting)
        #expect(attachments.all.map(\.alias) == ["two"])
        #expect(throws: StoreError.self) { try attachments.attach("gw1OWWdOt", urls: ["http://a:1"]) }
        #expect(throws: StoreError.self) { try attachments.detach("one") }
    }

    @Test(arguments: ["", "a b", "a/b", "@x", "a#b", String(repeating: "x", count: 65)])
    func whatIsNoAlias(_ alias: String) {
        var attachments = Attachments()
        #expect(throws: StoreError.self) { try attachments.attach(alias, urls: ["http://a:1"]) }
    }

    @Test func readsAISsOwnConfiguration() throws {
        let scratch = try StoreScratch()
        let store = try scratch.store()
        let configuration: JSONValue = [
            "backend": [
                "ais": ["remais": ["http://x:1", "http://y:1,http://z:1"], "single": "http://s:1"], "aws": [:],
            ]
        ]
        let path = "\(scratch.path)/ais.json"
        try Data(configuration.serialized()).write(to: URL(filePath: path))
        let read = try AISConfiguration.attachments(file: path)
        #expect(read.all.map(\.alias) == ["remais", "single"])
        #expect(read.find("remais")?.urls == ["http://x:1", "http://y:1", "http://z:1"])
        // A node's own copy lies where the node keeps it; what the store says itself goes first.
        try Data(JSP.encode(configuration, kind: .conf)).write(to: URL(filePath: "\(store.directory)/.ais.conf"))
        try store.changeAttachments { attachments throws(StoreError) in
            try attachments.attach("single", urls: ["http://mine:1"])
        }
        #expect(try store.attachments().find("single")?.urls == ["http://mine:1"])
        #expect(try store.attachments().find("remais")?.urls.count == 3)
        #expect(try store.ownAttachments().all.map(\.alias) == ["single"])
    }

    @Test(arguments: [
        "", "[", #"{"backend":{"ais":[]}}"#, #"{"backend":{"ais":{"a":[]}}}"#,
        #"{"backend":{"ais":{"a b":"http://x"}}}"#,
    ])
    func whatIsNoConfiguration(_ text: String) throws {
        let scratch = try StoreScratch()
        let path = "\(scratch.path)/ais.json"
        try Data(text.utf8).write(to: URL(filePath: path))
        #expect(throws: StoreError.self) { try AISConfiguration.attachments(file: path) }
    }

    @Test func aMalformedAttachmentIsAnError() throws {
        let scratch = try StoreScratch()
        let store = try scratch.store()
        var description = store.description
        description.attachments = ["a": ["urls": []]]
        try store.replaceDescription(description)
        #expect(throws: StoreError.self) { try store.attachments() }
    }
}
