/// Fields whose colours tell a value: deeper for more, and in another colour below zero.
struct HeatMap {
  /// A field, in the units of the axes.
  struct Cell {
    let left: Double
    let right: Double
    let low: Double
    let high: Double
    let value: Double
    /// What is written on it, where there is room.
    var label: String?
  }

  let cells: [Cell]
  /// What the colours tell, with its unit.
  let title: String
  /// The value without a colour.
  var zero = 0.0

  private static let levels = 16

  /// The largest distance from zero.
  private var most: Double {
    cells.lazy.map(\.value).filter(\.isFinite).reduce(0) { max($0, abs($1 - zero)) }
  }

  private func level(_ value: Double) -> Int {
    guard most > 0, value.isFinite else { return 0 }
    return Int(((value - zero) / most * Double(Self.levels)).rounded())
  }

  /// Whether a field is so deep that its label needs the colour of the card.
  func isDeep(_ cell: Cell) -> Bool { abs(level(cell.value)) > Self.levels * 5 / 8 }

  /// A path for each level.
  func drawing(across: (Double) -> Double, down: (Double) -> Double) -> String {
    var paths: [Int: String] = [:]
    var last: (cell: Cell, level: Int)?
    func close(_ run: (cell: Cell, level: Int)?) {
      guard let (cell, level) = run, level != 0 else { return }
      let (left, right) = (across(cell.left), across(cell.right))
      let (top, bottom) = (down(cell.high), down(cell.low))
      paths[level, default: ""] +=
        "M\(Plot.n(left)) \(Plot.n(top))H\(Plot.n(right))V\(Plot.n(bottom))H\(Plot.n(left))Z"
    }
    for cell in cells {
      let level = level(cell.value)
      // neighbours of one colour are one field
      if let run = last, run.level == level, run.cell.left == cell.left,
        run.cell.right == cell.right, run.cell.high == cell.low
      {
        last?.cell = Cell(
          left: cell.left, right: cell.right, low: run.cell.low, high: cell.high, value: cell.value)
      } else {
        close(last)
        last = (cell, level)
      }
    }
    close(last)
    return paths.sorted { $0.key < $1.key }.map { level, path in
      "<path class=\"\(level > 0 ? "h" : "c")\" fill-opacity=\"\(Self.opacity(level))\" d=\"\(path)\"/>"
    }.joined(separator: "\n")
  }

  private static func opacity(_ level: Int) -> String {
    Plot.n(0.06 + 0.94 * Double(abs(level)) / Double(levels))
  }

  /// From the least to the most.
  var legend: String {
    let isSigned = cells.contains { $0.value < zero }
    let steps = Array(stride(from: isSigned ? -16 : 0, through: 16, by: 4))
    let fields = steps.enumerated().filter { $0.element != 0 || isSigned }.map { index, level in
      "<rect x=\"\(index * 12)\" width=\"12\" height=\"12\" class=\"\(level < 0 ? "c" : "h")\" "
        + "fill-opacity=\"\(level == 0 ? "0" : Self.opacity(level))\"/>"
    }
    let (low, high) = (isSigned ? zero - most : zero, zero + most)
    return """
      <li>\(Page.escaped(title)): \(Figures.grouped(low, 3))<svg width="\(steps.count * 12)" \
      height="12" aria-hidden="true" class="scale">\(fields.joined())</svg>\
      \(Figures.grouped(high, 3))</li>
      """
  }
}
