/// A figure, and which of its values are better.
public struct SweepObjective: Sendable, Hashable {
  /// The column.
  public let column: SweepColumn
  /// Which values are better.
  public let better: SweepColumn.Direction

  /// An objective.
  ///
  /// - Parameters:
  ///   - text: the name of a figure, and `:up` or `:down` behind it where it does not go without saying, or otherwise.
  /// - Throws: `SweepError.noSuchFigure`, `.noDirection`.
  public init(_ text: String) throws(SweepError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let index = SweepColumn.index(String(parts[0])),
      SweepColumn.all[index].role == .figure
    else { throw .noSuchFigure(text) }
    column = SweepColumn.all[index]
    guard parts.count == 2 else {
      guard let better = column.better else { throw .noDirection(column.name) }
      self.better = better
      return
    }
    guard let better = SweepColumn.Direction(rawValue: String(parts[1])) else {
      throw .noSuchFigure(text)
    }
    self.better = better
  }

  /// The value of a row, larger ones better; `nil` where there is none.
  func score(_ row: SweepRow) -> Double? {
    guard let value = row[column.name].real else { return nil }
    return better == .up ? value : -value
  }
}
