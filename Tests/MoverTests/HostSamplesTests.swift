import Testing

@testable import Mover

struct HostSamplesTests {
    @Test(arguments: [
        ([], []),
        (["http://a/1", "http://a/2", "http://a/1"], ["http://a/1"]),
        (["http://a/1", "http://b/1", "http://a/2", "http://b/2"], ["http://a/1", "http://b/1"]),
        (
            ["http://host/1", "http://host2/1", "http://host:8/1"],
            ["http://host/1", "http://host2/1", "http://host:8/1"]
        ),
        (["http://host", "http://host2/1"], ["http://host", "http://host2/1"]),
        (["", "no URL"], ["", "no URL"]),
    ])
    func oneURLOfEachHost(_ urls: [String], _ samples: [String]) {
        var hosts = HostSamples()
        for url in urls { hosts.add(url) }
        #expect(hosts.urls == samples)
    }
}
