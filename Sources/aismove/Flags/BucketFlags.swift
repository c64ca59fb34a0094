import ArgumentParser
import Planner

/// How buckets at providers are reached; for all of the command line's bucket sources.
struct BucketFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the provider of buckets is, e.g. https://s3.internal:9000. Default: the environment, the provider's"
                + " own configuration.", valueName: "url"))
    var endpoint: String?

    @Option(help: ArgumentHelp("The buckets' region. Default: as configured, else found out.", valueName: "name"))
    var region: String?

    @Option(help: ArgumentHelp("Profile of the provider's configuration (~/.aws/config, …).", valueName: "name"))
    var profile: String?

    @Flag(name: .customLong("no-sign-request"), help: "Ask for public buckets without credentials.")
    var isAnonymous = false

    var reach: BucketReach {
        BucketReach(endpoint: endpoint, region: region, profile: profile, isAnonymous: isAnonymous)
    }

    /// Says of a job's bucket what the flags say otherwise.
    func override(_ reach: inout BucketReach) {
        if let endpoint { reach.endpoint = endpoint }
        if let region { reach.region = region }
        if let profile { (reach.profile, reach.isAnonymous) = (profile, false) }
        if isAnonymous { (reach.profile, reach.isAnonymous) = (nil, true) }
    }

    func validate() throws {
        if isAnonymous, profile != nil {
            throw ValidationError("--no-sign-request and --profile contradict each other")
        }
    }
}
