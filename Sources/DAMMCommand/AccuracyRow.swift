import DAMM
import Foundation

/// The errors of one quantity, against its declared bound.
struct AccuracyRow: Encodable {
  let quantity: String
  let domain: String
  let bound: Double
  private(set) var samples = 0
  private(set) var worstRelative = 0.0
  private(set) var worstUlp = 0.0
  private var sumRelative = 0.0
  /// Where the worst error was met.
  private(set) var worstAt = ""

  init(_ tolerance: Tolerance) {
    quantity = tolerance.name
    domain = tolerance.domain
    bound = tolerance.relative
  }

  var meanRelative: Double { samples == 0 ? 0 : sumRelative / Double(samples) }
  var pass: Bool { samples > 0 && worstRelative <= bound }

  /// Takes one value into account. `error` is the difference to the exact value, found without
  /// losing digits.
  mutating func add(_ value: Double, error: Double, at place: @autoclosure () -> String) {
    samples += 1
    let relative = value == 0 ? (error == 0 ? 0 : .infinity) : abs(error / value)
    sumRelative += relative
    if relative > worstRelative || relative.isNaN {
      worstRelative = relative.isNaN ? .infinity : relative
      worstUlp = abs(error) / value.ulp
      worstAt = place()
    }
  }

  private enum Keys: String, CodingKey {
    case quantity, domain, samples, worstUlp, worstRelative, meanRelative, bound, pass, worstAt
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(quantity, forKey: .quantity)
    try container.encode(domain, forKey: .domain)
    try container.encode(samples, forKey: .samples)
    try container.encode(worstUlp, forKey: .worstUlp)
    try container.encode(worstRelative, forKey: .worstRelative)
    try container.encode(meanRelative, forKey: .meanRelative)
    try container.encode(bound, forKey: .bound)
    try container.encode(pass, forKey: .pass)
    try container.encode(worstAt, forKey: .worstAt)
  }

  /// The rows as a table for a terminal.
  static func table(_ rows: [AccuracyRow]) -> String {
    let header = ["quantity", "samples", "worst ulp", "worst rel", "mean rel", "bound", "pass"]
    let cells = rows.map { row in
      [
        row.quantity, "\(row.samples)", String(format: "%.2f", row.worstUlp),
        String(format: "%.2e", row.worstRelative), String(format: "%.2e", row.meanRelative),
        String(format: "%.1e", row.bound), row.pass ? "yes" : "NO",
      ]
    }
    let widths = header.indices.map { column in
      ([header] + cells).map { $0[column].count }.max() ?? 0
    }
    func line(_ row: [String]) -> String {
      row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 0 ? row[column] + space : space + row[column]
      }.joined(separator: "  ")
    }
    let worst = rows.map { "worst \($0.quantity): \($0.worstAt)\n  over \($0.domain)" }
    return ([line(header)] + cells.map(line) + [""] + worst).joined(separator: "\n")
  }
}
