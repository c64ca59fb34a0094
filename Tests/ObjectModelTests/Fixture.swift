import ObjectModel
import TestSupport

/// A vector of this target, parsed by the parser under test.
func fixture(_ name: String) throws -> JSONValue {
    try JSONValue.parse(Array(TestSupport.fixture("ObjectModelTests", name)))
}
