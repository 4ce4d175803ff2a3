import DAMMFeeds
import DAMMModel

/// Why a log was refused. Each case says where, what was found and what is allowed; `description`
/// says it in one sentence. Lines are counted from 1, the header.
public enum ReplayError: Error, Equatable, Sendable {
  /// The log is not a table of the columns and values that it must have.
  case table(TableError)
  /// Too few swaps for a replay: the first one sets the price.
  case tooFewSwaps(found: Int, needed: Int)
  /// A number of decimal places outside `Domain.tokenDecimals`.
  case decimals(Int, allowed: ClosedRange<Int>)
}

extension ReplayError: CustomStringConvertible {
  /// One sentence: where, what was found and what is allowed.
  public var description: String {
    switch self {
    case .table(let error):
      return error.description
    case .tooFewSwaps(let found, let needed):
      return "the log has \(found) swaps, but a replay needs at least \(needed): "
        + "the first one sets the price."
    case .decimals(let value, let allowed):
      return "the decimals of a token are \(value), but they must be from \(allowed.lowerBound) "
        + "to \(allowed.upperBound)."
    }
  }
}
