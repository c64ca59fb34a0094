import Foundation
import TestSupport
import Testing

/// `aismove remote attach | detach | show`.
@Suite struct RemoteTests {
    private func rows(_ scene: Scene, _ arguments: [String] = []) throws -> [[String]] {
        let shown = try scene.aismove(["remote", "show", "--store", scene.store] + arguments)
        #expect(shown.status == 0, "\(shown.err)")
        return shown.out.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    }

    @Test func attachesShowsAndDetaches() throws {
        let scene = try Scene()
        let cluster = try AISCluster(uuid: "rem_Uuid1", targets: ["tgtOne", "tgtTwo"])
        let urls = "\(cluster.url()),\(cluster.url(proxy: 1))"
        let attached = try scene.aismove(["remote", "attach", "remais=\(urls)", "--store", scene.store])
        #expect(attached.status == 0, "\(attached.err)")
        #expect(attached.out == "attached remais (rem_Uuid1, Smap v4, 2 targets)\n")
        let primary = "p[p\(cluster.proxyPorts[0])]"
        let online = ["rem_Uuid1", urls, "remais", primary, "v4", "2", "yes"]
        #expect(
            try rows(scene) == [["UUID", "URL", "Alias", "Primary", "Smap", "Targets", "Online"], online])
        // With one proxy down it is still found; with all down, what was known stays.
        try cluster.setDown([cluster.proxyPorts[1]])
        #expect(try rows(scene)[1] == online)
        cluster.stop()
        #expect(try rows(scene)[1] == online.dropLast() + ["no"])
        let json = try scene.aismove(["remote", "show", "--json", "--store", scene.store])
        let listed = try #require(
            try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [[String: Any]])
        #expect(listed.first?["uuid"] as? String == "rem_Uuid1")
        #expect(listed.first?["online"] as? Bool == false)
        let detached = try scene.aismove(["remote", "detach", "rem_Uuid1", "--store", scene.store])
        #expect(detached.out == "detached remais\n")
        #expect(try rows(scene).count == 1)
        #expect(try scene.aismove(["remote", "detach", "remais", "--store", scene.store]).status == 2)
    }

    @Test func aClusterNeedNotBeOnline() throws {
        let scene = try Scene()
        let url = "http://127.0.0.1:\(try ServerProcess.freePort())"
        let attached = try scene.aismove(["remote", "attach", "away=\(url)", "--store", scene.store])
        #expect(attached.status == 0, "\(attached.err)")
        #expect(attached.out == "attached away (not online)\n")
        #expect(try rows(scene)[1] == ["<away>", "<\(url)>", "n/a", "n/a", "n/a", "n/a", "no"])
        let configuration = try scene.scratch.write("ais.json", #"{"backend":{"ais":{"other":["\#(url)"]}}}"#)
        #expect(try rows(scene, ["--ais-config", configuration]).map(\.[0]) == ["UUID", "<away>", "<other>"])
        #expect(try rows(scene).count == 2)
    }

    /// As in AIS; and who relies on the first is told.
    @Test func ofTwoAliasesOfOneClusterTheLastStays() throws {
        let scene = try Scene()
        let cluster = try AISCluster(uuid: "rem_Uuid1", targets: ["t1"])
        #expect(try scene.onStore("remote", "attach", "one=\(cluster.url())").out.split(separator: "\n").count == 1)
        let second = try scene.onStore("remote", "attach", "two=\(cluster.url(proxy: 1))")
        #expect(second.out.contains("one is the same cluster, and is no alias of it any more"), "\(second.out)")
        #expect(try rows(scene).map { $0[2] } == ["Alias", "two"])
    }

    /// What was not known when it was attached is learned by attaching again, or by looking.
    @Test func attachingAgainRefreshes() throws {
        let scene = try Scene(mountpaths: 1)
        let away = "http://127.0.0.1:\(try ServerProcess.freePort())"
        #expect(try scene.onStore("remote", "attach", "remais=\(away)").out == "attached remais (not online)\n")
        let cluster = try AISCluster(
            uuid: "rem_Uuid1", targets: ["t1"],
            buckets: [AISCluster.Bucket("ais", "b", objects: [("x", Data("x".utf8))])])
        // The first URL is still away: the next one is asked.
        let urls = "\(away),\(cluster.url())"
        #expect(try scene.onStore("remote", "attach", "remais=\(urls)").out.contains("rem_Uuid1, Smap v4, 1 targets"))
        #expect(try rows(scene)[1].prefix(3) == ["rem_Uuid1", urls, "remais"])
        let run = try scene.prefetch("ais://@remais/b")
        #expect(run.counts == ["moved": 1], run.said)
        // Its last URL goes, and its proxies are still known.
        #expect(try scene.onStore("remote", "attach", "remais=\(away)").out.contains("rem_Uuid1, Smap v4, 1 targets"))
        #expect(try rows(scene)[1].last == "yes")
        #expect(try scene.onStore("remote", "detach", "remais").status == 0)
        let detached = try scene.prefetch("ais://@rem_Uuid1/b")
        #expect(detached.status == 2 && detached.err.contains("remote attach rem_Uuid1=URL"), detached.said)
        #expect(try scene.disk().names == ["x"], "objects read from it stay")
    }

    /// AIS's own list of clusters, where the node keeps it; what is attached here goes first.
    @Test func theNodesOwnConfigurationIsRead() throws {
        let scene = try Scene(mountpaths: 1)
        let cluster = try AISCluster(
            uuid: "rem_Uuid1", targets: ["t1"],
            buckets: [AISCluster.Bucket("ais", "b", objects: [("x", Data("x".utf8))])])
        let code = """
            import sys; sys.path.insert(0, sys.argv[1]); import aisdisk
            aisdisk.jsp_write(sys.argv[2], {'backend': {'ais': {'conf': [sys.argv[3]], 'other': ['http://127.0.0.1:1']}}}, 4)
            """
        let tools = "\(TestSupport.repositoryRoot)/Tests/Tools"
        try TestSupport.runChecked(
            TestSupport.python, ["-B", "-c", code, tools, "\(scene.store)/.ais.conf", cluster.url()])
        #expect(try rows(scene).map { $0[2] } == ["Alias", "conf", "n/a"])
        #expect(try scene.onStore("ls", "ais://@conf", "--remote").out == "ais://@rem_Uuid1/b\n")
        let run = try scene.prefetch("ais://@conf/b")
        #expect(run.counts == ["moved": 1], run.said)
        #expect(try scene.disk().objects.map(\.bucket) == ["ais/@rem_Uuid1#/b"])
        #expect(try scene.onStore("remote", "attach", "other=\(cluster.url())").status == 0)
        let shown = try rows(scene)
        #expect(shown.contains { $0.prefix(3) == ["rem_Uuid1", cluster.url(), "other"] }, "\(shown)")
    }

    @Test func anotherClusterBehindTheAliasIsRefused() throws {
        let scene = try Scene()
        let first = try AISCluster(uuid: "uuidFirst", proxies: 1, targets: ["t1"])
        let second = try AISCluster(uuid: "uuidSecnd", proxies: 1, targets: ["t1"])
        func attach(_ text: String) throws -> ProcessResult {
            try scene.aismove(["remote", "attach", text, "--store", scene.store])
        }
        #expect(try attach("both=\(first.url()),\(second.url())").status == 5)
        #expect(try attach("one=\(first.url())").status == 0)
        let refused = try attach("one=\(second.url())")
        #expect(refused.status == 5)
        #expect(refused.err.contains("uuidSecnd"))
        #expect(try rows(scene)[1][0] == "uuidFirst")
    }

    @Test(arguments: ["remais", "=http://x:1", "a b=http://127.0.0.1:1", "a=ftp://x", "a=http://geheim:pw@x:1", "a="])
    func whatIsNoAttachment(_ text: String) throws {
        let scene = try Scene()
        let attached = try scene.aismove(["remote", "attach", text, "--store", scene.store])
        #expect(attached.status == 2)
        #expect(!(attached.out + attached.err).contains("geheim"))
    }
}
