import Foundation
import TestSupport

/// Other people's programs, which judge ours, with bytes in and out.
enum Tools {
    /// Runs a program found in PATH; its output.
    @discardableResult
    static func run(_ arguments: [String], in folder: String? = nil, input: [UInt8]? = nil) throws -> [UInt8] {
        let result = try TestSupport.runChecked(
            arguments[0], Array(arguments.dropFirst()), input: input.map { Data($0) }, directory: folder)
        return Array(result.stdout)
    }

    static func fixture(_ target: String, _ name: String) throws -> [UInt8] {
        Array(try TestSupport.fixture(target, name))
    }
}

extension SeededGenerator {
    /// Bytes of which none is zero.
    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 1...255, using: &self) } }
}
