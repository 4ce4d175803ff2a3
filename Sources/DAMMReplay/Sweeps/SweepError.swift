import DAMMModel

/// Why a sweep was refused; `description` says it in one sentence.
public enum SweepError: Error, Equatable, Sendable {
  /// There is no such parameter.
  case noSuchParameter(String)
  /// There is no such column, or none that can be compared.
  case noSuchFigure(String)
  /// Of a figure it must be said which values are better.
  case noDirection(String)
  /// There is no such axis in the grid.
  case noSuchAxis(String, axes: [String])
  /// A text is no value of a parameter, or one that is not allowed.
  case value(name: String, given: String, allowed: String)
  /// An axis or a value of it is there twice.
  case twice(name: String, value: String?)
  /// An axis has no values, or a text is no axis.
  case noAxis(String)
  /// A text is no key of a cell.
  case noKey(String)
  /// Too many cells.
  case tooManyCells(Int, allowed: ClosedRange<Int>)
  /// An axis changes nothing, because no cell has what it is of.
  case noEffect(name: String, needs: String)
  /// A number of threads outside `Domain.sweepJobs`.
  case jobs(Int, allowed: ClosedRange<Int>)
  /// A file is no store of a sweep, or was changed by something else; `line` from 1.
  case notAStore(file: String, line: Int, reason: String)
  /// A store is of another sweep: what differs, each with what it has and what was asked.
  case otherSweep(file: String, differences: [String])
  /// Another process uses the store.
  case storeInUse(file: String)
  /// A store cannot be read or written.
  case storeFailed(file: String, reason: String)
}

extension SweepError: CustomStringConvertible {
  /// One sentence: what was given and what is allowed.
  public var description: String {
    switch self {
    case .noSuchParameter(let name):
      return "there is no parameter \"\(name)\": a grid is over "
        + SweepParameter.all.map(\.name).joined(separator: ", ") + "."
    case .noSuchFigure(let name):
      return "there is no figure \"\(name)\": figures are "
        + SweepFigure.all.map(\.column.name).joined(separator: ", ") + "."
    case .noDirection(let name):
      return "whether more or less of \(name) is better does not go without saying: write "
        + "\(name):up or \(name):down."
    case .noSuchAxis(let name, let axes):
      return "there is no axis \"\(name)\": the grid is over \(axes.joined(separator: ", "))."
    case .value(let name, let given, let allowed):
      return "\(name) is \"\(given)\", but it must be \(allowed)."
    case .twice(let name, let value?):
      return "\(name) has the value \(value) twice, but each must be there once."
    case .twice(let name, nil): return "\(name) is there twice, but must be there once."
    case .noAxis(let text):
      return "\"\(text)\" is no axis of a grid: a name and values are needed, as in k=4,6,8."
    case .noKey(let text):
      return "\"\(text)\" is no key of a cell: names and values are needed, as in k=4,fee-bps=5."
    case .tooManyCells(let count, let allowed):
      return "the grid has \(count) cells, but it must have from \(allowed.lowerBound) to "
        + "\(allowed.upperBound)."
    case .noEffect(let name, let needs): return "\(name) changes nothing without \(needs)."
    case .jobs(let count, let allowed):
      return "the number of threads is \(count), but it must be from \(allowed.lowerBound) to "
        + "\(allowed.upperBound)."
    case .notAStore(let file, let line, let reason):
      return "\(file) is no store of a sweep: line \(line): \(reason)."
    case .otherSweep(let file, let differences):
      return "\(file) is the store of another sweep: " + differences.joined(separator: "; ")
        + ". Take another file, or remove it."
    case .storeInUse(let file): return "\(file) is in use by another process."
    case .storeFailed(let file, let reason): return "\(file): \(reason)."
    }
  }
}
