import Foundation

/// A depth chart in characters: liquidity over price. The A side is striped and the B side solid, or
/// they have two colours.
struct TerminalChart {
  private static let eighths = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  private static let margin = 10

  let profile: DepthProfile
  /// Where the pool stands, a price coordinate.
  let position: Double
  /// Oracle price, A per B.
  let oraclePrice: Double
  let coloured: Bool
  /// Columns of the bars.
  let columns: Int
  let rows = 20

  /// - Parameters:
  ///   - columns: how wide the chart may be, labels included.
  ///   - coloured: whether the two sides differ in colour.
  init(
    _ profile: DepthProfile, position: Double, oraclePrice: Double, columns: Int, coloured: Bool
  ) {
    self.profile = profile
    self.position = position
    self.oraclePrice = oraclePrice
    self.coloured = coloured
    self.columns = Self.barColumns(in: columns)
  }

  /// How many bars fit into so many columns.
  static func barColumns(in columns: Int) -> Int { max(20, columns - margin - 2) }

  /// The lines of the chart.
  var lines: [String] {
    let bars = (0..<columns).map { profile.bar(at: price(ofColumn: $0)) }
    let chart = (0..<rows).map { row in
      label(ofRow: row) + (0..<columns).map { cell(bars[$0], row, $0) }.joined()
    }
    return ["  liquidity of a tick over price, A per B"] + chart + axis + ["", legend]
  }

  // MARK: Cells

  private func price(ofColumn column: Int) -> Double {
    let (low, high) = (profile.range.lowerBound, profile.range.upperBound)
    return low + (high - low) * ((Double(column) + 0.5) / Double(columns))
  }

  private func column(ofPrice price: Double) -> Int {
    let (low, high) = (profile.range.lowerBound, profile.range.upperBound)
    let part = (price - low) / (high - low)
    return Int(
      (min(max(part, 0), 1) * Double(columns)).rounded(.down).clamped(to: 0...Double(columns - 1)))
  }

  /// The character of a column in a row; row 0 is the highest.
  private func cell(_ bar: DepthProfile.Bar, _ row: Int, _ column: Int) -> String {
    let height = profile.peak > 0 ? bar.liquidity / profile.peak * Double(rows * 8) : 0
    let level = (height - Double((rows - 1 - row) * 8)).rounded().clamped(to: 0...8)
    let full = coloured || !bar.holdsA ? Self.eighths[Int(level)] : Self.stripes[Int(level / 4)]
    if full == " " {
      if column == self.column(ofPrice: position) { return "│" }
      return column == self.column(ofPrice: oraclePrice) ? "┊" : " "
    }
    return paint(full, a: bar.holdsA)
  }

  private static let stripes = [" ", "▖", "▌"]

  private func paint(_ text: String, a: Bool) -> String {
    coloured ? "\u{1B}[\(a ? 36 : 33)m\(text)\u{1B}[0m" : text
  }

  // MARK: Axes

  private func label(ofRow row: Int) -> String {
    let share: Double? = row == 0 ? 1 : row == rows / 2 ? 0.5 : nil
    let text = share.map { Figures.short(profile.peak * $0, digits: 4) } ?? ""
    return text.right(Self.margin) + (share == nil ? " │" : " ┤")
  }

  private var axis: [String] {
    let (ticks, step) = Figures.axis(profile.range, about: max(2, columns / 9))
    var line = Array(repeating: "─", count: columns)
    var labels = Array(repeating: " ", count: columns + Self.margin / 2)
    var free = 0
    for tick in ticks {
      let text = Figures.label(tick, step: step)
      let centre = column(ofPrice: tick)
      let start = max(0, min(centre + Self.margin / 2 - text.count / 2, labels.count - text.count))
      guard start >= free else { continue }
      line[centre] = "┬"
      for (index, character) in text.enumerated() where start + index < labels.count {
        labels[start + index] = String(character)
      }
      free = start + text.count + 1
    }
    let (here, oracle) = (column(ofPrice: position), column(ofPrice: oraclePrice))
    line[oracle] = "◆"
    line[here] = "▲"
    let indent = String(repeating: " ", count: Self.margin + 2 - Self.margin / 2)
    return [
      "0".right(Self.margin) + " └" + line.joined(),
      (indent + labels.joined()).trimmingTrailingSpaces,
    ]
  }

  private var legend: String {
    let (a, b) = (paint(coloured ? "█" : "▌▌", a: true), paint(coloured ? "█" : "██", a: false))
    let hidden = column(ofPrice: position) == column(ofPrice: oraclePrice)
    let mark = position == oraclePrice ? "at" : hidden ? "beside" : "◆"
    return "  \(a) holds A   \(b) holds B   ▲ position \(Figures.short(position, digits: 8))"
      + " \(hidden ? "" : "  ")\(mark) oracle price \(Figures.short(oraclePrice, digits: 8))"
  }
}

extension Comparable {
  func clamped(to range: ClosedRange<Self>) -> Self {
    min(max(self, range.lowerBound), range.upperBound)
  }
}
