import DAMMFeeds
import DAMMModel

/// Why a log was refused. Each case says where, what was found and what is allowed; `description`
/// says it in one sentence. Lines are counted from 1, the header.
public enum ReplayError: Error, Equatable, Sendable {
  /// The log is not a table of the columns and values that it must have.
  case table(TableError)
  /// A swap in which nothing is paid in, or both tokens are.
  case swapSigns(line: Int, amount0: String, amount1: String)
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
    case .swapSigns(let line, let amount0, let amount1):
      return "line \(line): a swap has amount0 \(amount0) and amount1 \(amount1), "
        + "but exactly one of them must be positive, which is paid in."
    case .tooFewSwaps(let found, let needed):
      return "the log has \(found) swaps, but a replay needs at least \(needed): "
        + "the first one sets the price."
    case .decimals(let value, let allowed):
      return "the decimals of a token are \(value), but they must be from \(allowed.lowerBound) "
        + "to \(allowed.upperBound)."
    }
  }
}
