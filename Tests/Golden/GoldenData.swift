import DAMMModel
import DAMMReference
import Foundation
import SwiftCSV
import TestSupport

/// A value with 40 digits, as far as two doubles hold it.
func exact(_ text: String) throws -> Wide {
  guard let value = Wide(text) else { throw GoldenError.notANumber(text) }
  return value
}

func double(_ text: String) throws -> Double {
  guard let value = Double(text) else { throw GoldenError.notANumber(text) }
  return value
}

enum GoldenError: Error {
  case notANumber(String)
  case unknown(String)
}

/// The relative error of a `Double` against an exact value.
func relativeError(_ value: Double, _ exact: Wide) -> Double {
  let error = (Wide(value) - exact).double
  return error == 0 ? 0 : abs(error / exact.double)
}

/// The files of `data/golden`.
struct GoldenData {
  struct Table {
    let shape: CurveShape
    let lowestTick: Int
    let upperTick: Int
  }

  let tables: [Int: Table]
  /// Rows of `masses.csv` by table.
  let masses: [Int: [[String: String]]]
  /// Rows of `swaps.csv` by table.
  let swaps: [Int: [[String: String]]]

  static let shared = Result { try GoldenData() }

  private init() throws {
    func rows(_ file: String) throws -> [[String: String]] {
      try CSV<Named>(
        url: Files.golden.appending(path: file), delimiter: .comma, loadColumns: false
      ).rows
    }
    func key(_ row: [String: String]) throws -> Int {
      guard let key = Int(row["table"] ?? "") else { throw GoldenError.unknown("table") }
      return key
    }
    var tables: [Int: Table] = [:]
    for row in try rows("tables.csv") {
      guard let shape = Shape(rawValue: row["shape"]!) else {
        throw GoldenError.unknown(row["shape"]!)
      }
      tables[try key(row)] = Table(
        shape: try CurveShape(
          shape, relativeSigma: double(row["relativeSigma"]!), halfWidth: double(row["halfWidth"]!),
          tickWidthBps: double(row["tickBps"]!)),
        lowestTick: Int(row["lowestTick"]!)!, upperTick: Int(row["upperTick"]!)!)
    }
    self.tables = tables
    masses = try Dictionary(grouping: rows("masses.csv"), by: key)
    swaps = try Dictionary(grouping: rows("swaps.csv"), by: key)
  }
}
