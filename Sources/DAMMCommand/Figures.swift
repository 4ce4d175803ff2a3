import DAMM
import Foundation

/// Numbers and lines for people.
enum Figures {
  /// All digits of a number, without a needless fraction: it reads back to the same bits.
  static func full(_ value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A number to so many significant digits.
  static func short(_ value: Double, digits: Int = 6) -> String {
    // Whole numbers of up to twelve digits need no exponent.
    let whole = abs(value) >= pow(10, Double(digits)) && abs(value) < 1e12
    return String(format: whole ? "%.0f" : "%.\(digits)g", value)
  }

  /// A number with so many significant digits, thousands apart; whole digits are never cut.
  static func grouped(_ value: Double, _ digits: Int = 6, sign: Bool = false) -> String {
    guard value != 0, value.isFinite else { return full(value + 0) }
    let exponent = Int(log10(abs(value)).rounded(.down))
    guard (-5...15).contains(exponent) else { return String(format: "%.\(digits - 1)e", value) }
    let places = max(0, digits - 1 - exponent)
    let text = String(format: "%.\(places)f", abs(value))
    let parts = text.split(separator: ".")
    var whole = ""
    for (index, digit) in parts[0].enumerated() {
      if index > 0, (parts[0].count - index) % 3 == 0 { whole += "," }
      whole.append(digit)
    }
    var fraction = parts.count > 1 ? String(parts[1]) : ""
    while fraction.last == "0" { fraction.removeLast() }
    return (value < 0 ? "-" : sign ? "+" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
  }

  /// A part in percent.
  static func percent(_ part: Double, sign: Bool = false) -> String {
    grouped(100 * part, 4, sign: sign) + " %"
  }

  /// How many significant digits tell values of a size apart that differ by `step`; at least 6.
  static func digits(of value: Double, step: Double) -> Int {
    guard step > 0, value.isFinite, value != 0 else { return 6 }
    let needed = (log10(abs(value)) - log10(step)).rounded(.up) + 2
    return needed.isFinite ? Int(min(max(needed, 6), 17)) : 17
  }

  /// Labels and values in two columns.
  static func lines(_ rows: [(label: String, value: String)]) -> String {
    let width = rows.map(\.label.count).max() ?? 0
    return rows.map { "  " + $0.label.left(width + 2) + $0.value }.joined(separator: "\n")
  }

  /// Cells in columns as wide as they need: the first to the left, the others to the right.
  static func table(_ rows: [[String]]) -> String {
    let columns = rows.first?.indices ?? 0..<0
    let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      columns.map { $0 == 0 ? row[$0].left(widths[$0]) : row[$0].right(widths[$0]) }
        .joined(separator: "  ")
    }.joined(separator: "\n")
  }

  /// A relative sigma and where it comes from.
  static func relativeSigma(_ value: Double, _ convention: SigmaConvention?) -> String {
    full(value) + (convention.map { " (from implied volatility, \($0.rawValue))" } ?? "")
  }

  /// Round numbers within a range for an axis: multiples of 1, 2 or 5 times a power of ten.
  static func axis(_ range: ClosedRange<Double>, about count: Int) -> (
    ticks: [Double], step: Double
  ) {
    let raw = (range.upperBound - range.lowerBound) / Double(max(1, count))
    guard raw.isNormal, raw.isFinite else { return ([range.lowerBound], 0) }
    let power = pow(10, log10(raw).rounded(.down))
    let step = power * ([1, 2, 5].first { $0 * power >= raw * 0.75 } ?? 10)
    let (first, last) = (
      (range.lowerBound / step).rounded(.up), (range.upperBound / step).rounded(.down)
    )
    guard last - first <= 100, first < last, abs(first) < 1e15 else {
      return ([range.lowerBound, range.upperBound], range.upperBound - range.lowerBound)
    }
    return (stride(from: first, through: last, by: 1).map { $0 * step }, step)
  }

  /// The label of a tick of an axis.
  static func label(_ tick: Double, step: Double) -> String {
    abs(tick) < step / 2 ? "0" : short(tick, digits: digits(of: tick, step: step))
  }
}
