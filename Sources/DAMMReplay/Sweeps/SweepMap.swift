/// A figure of a sweep over two axes. Of the cells that differ in other axes each place has the best one, or that of a
/// value that was fixed.
public struct SweepMap: Sendable, Hashable {
  /// The axis from left to right.
  public let x: SweepAxis
  /// The axis from bottom to top; `nil` for a grid of one.
  public let y: SweepAxis?
  /// What is shown.
  public let figure: SweepColumn
  /// The cell of each place, row by row of `y`; `nil` where none has the figure.
  public let cells: [[Int?]]
  /// What it shows of each.
  public let values: [[Double?]]

  /// A map.
  ///
  /// - Parameters:
  ///   - grid: of the rows.
  ///   - rows: all of them, in their order.
  ///   - figure: what is shown.
  ///   - x: an axis of the grid.
  ///   - y: another one; `nil` for a grid of one.
  ///   - fixed: the value of other axes; of those without one the best counts.
  /// - Throws: `SweepError` for names and values that are not of the grid.
  public init(
    _ grid: SweepGrid, _ rows: [SweepRow], of figure: SweepObjective, x: String, y: String?,
    fixed: [String: String] = [:]
  ) throws(SweepError) {
    let column = try Self.place(x, grid)
    var line: Int?
    if let y { line = try Self.place(y, grid) }
    guard line != column else { throw .twice(name: x, value: nil) }
    var wanted: [Int: Int] = [:]
    for (name, value) in fixed.sorted(by: { $0.key < $1.key }) {
      let axis = try Self.place(name, grid)
      guard axis != column, axis != line else { throw .twice(name: name, value: nil) }
      let told = try SweepAxis(name, [value], of: grid.base).values[0]
      guard let place = grid.axes[axis].values.firstIndex(of: told) else {
        throw .value(
          name: name, given: value,
          allowed: grid.axes[axis].values.joined(separator: " or "))
      }
      wanted[axis] = place
    }
    self.x = grid.axes[column]
    self.y = line.map { grid.axes[$0] }
    self.figure = figure.column
    var best = [[Int?]](
      repeating: [Int?](repeating: nil, count: self.x.values.count),
      count: y == nil ? 1 : self.y!.values.count)
    for (index, row) in rows.enumerated() {
      let places = grid.places(index)
      guard wanted.allSatisfy({ places[$0.key] == $0.value }), let score = figure.score(row) else {
        continue
      }
      let (across, up) = (places[column], line.map { places[$0] } ?? 0)
      if let old = best[up][across], let least = figure.score(rows[old]), least >= score {
        continue
      }
      best[up][across] = index
    }
    cells = best
    values = best.map { $0.map { $0.flatMap { rows[$0][figure.column.name].real } } }
  }

  private static func place(_ name: String, _ grid: SweepGrid) throws(SweepError) -> Int {
    guard let place = grid.axes.firstIndex(where: { $0.name == name }) else {
      throw .noSuchAxis(name, axes: grid.axes.map(\.name))
    }
    return place
  }
}
