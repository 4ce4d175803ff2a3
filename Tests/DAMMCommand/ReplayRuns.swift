import Foundation
import TestSupport
import Testing

/// Replays of the data that ships, of every kind that a page must look right for.
enum ReplayRun: String, CaseIterable, CustomTestStringConvertible {
  /// A day of events of a pool.
  case day
  /// Minutes of a pool, with volatilities, reforms and providers.
  case minutes
  /// Four markets on a shared pool with limits of health.
  case markets
  /// A path without a recorded pool, with noise.
  case path

  var testDescription: String { rawValue }

  static func demo(_ name: String) -> String {
    Files.root.appending(path: "data/demo/\(name)").path
  }

  /// What comes behind `damm replay`.
  var arguments: [String] {
    switch self {
    case .day:
      [Self.demo("pool-day.csv"), "--iv", "0.65", "--fee-bps", "5", "--flow-share", "0.006"]
    case .minutes:
      [
        Self.demo("volatility-hourly.csv"), Self.demo("pool-minutes.csv"), "--fee-bps", "5",
        "--flow-share", "0.01", "--reform-bps", "20", "--provider",
        "0.2:0.5", "--provider", "0.3:0.25:24:0.3",
      ]
    case .markets:
      [
        Self.demo("pool-day.csv"), "--iv", "0.65", "--fee-bps", "5", "--flow-share", "0.006",
        "--markets", "4", "--reform-bps", "100",
      ]
    case .path:
      [
        Self.demo("prices.csv"), "--fee-bps", "5", "--noise-volume", "1e6", "--flow-share", "0.1",
      ]
    }
  }

  /// The run with some more options.
  func run(_ more: [String] = []) async throws -> DammProcess {
    try await DammProcess.run(["replay"] + arguments + more)
  }
}

extension DammProcess {
  /// The output as a JSON object, whose numbers are those that were written, to the bit.
  func object() throws -> [String: Any] {
    let value = try decoded(JSONValue.self).value
    guard let object = value as? [String: Any] else { throw CocoaError(.coderReadCorrupt) }
    return object
  }
}

/// Any JSON. `JSONSerialization` may be wrong in the last bit of a number.
private struct JSONValue: Decodable {
  /// A dictionary, an array, a number, a text, a truth or `NSNull`.
  let value: Any

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      value = NSNull()
    } else if let truth = try? container.decode(Bool.self) {
      value = truth
    } else if let number = try? container.decode(Double.self) {
      value = number
    } else if let text = try? container.decode(String.self) {
      value = text
    } else if let array = try? container.decode([JSONValue].self) {
      value = array.map(\.value)
    } else {
      value = try container.decode([String: JSONValue].self).mapValues(\.value)
    }
  }
}

extension [String: Any] {
  /// A value by the names on the way to it, with dots between; numbers are indices of arrays.
  func at(_ path: String) -> Any? {
    var value: Any? = self
    for name in path.split(separator: ".").map(String.init) {
      if let index = Int(name), let array = value as? [Any] {
        value = array.indices.contains(index) ? array[index] : nil
      } else {
        value = (value as? [String: Any])?[name]
      }
    }
    return value
  }

  /// A number.
  func number(_ path: String) -> Double? { at(path) as? Double }
}
