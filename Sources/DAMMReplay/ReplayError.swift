import DAMMFeeds
import DAMMModel
import DAMMShared

/// Why a replay was refused, or ended before its time. `description` says in one sentence where, what was found and what is
/// allowed.
public enum ReplayError: Error, Equatable, Sendable {
  /// A file cannot be read, or too much is wrong with it.
  case flow(FlowError)
  /// A number of decimal places outside `Domain.tokenDecimals`.
  case decimals(Int, allowed: ClosedRange<Int>)
  /// Nothing says how volatile the price is: no track has volatilities, and none was given.
  case noVolatility
  /// Not one step to begin with, and one more: a price and a volatility must be known.
  case tooFewSteps(found: Int)
  /// A step lies before the one before it.
  case timeGoesBack(UTCTime, last: UTCTime)
  /// The setup, or a step, is none that a pool can have.
  case pool(PoolError)
  /// A market or the shared pool refused.
  case market(SharedPoolError)

  init(_ error: DAMMError) { self = .pool(.parameter(error)) }

  init(_ error: SharedPoolError) {
    if case .pool(let error) = error { self = .pool(error) } else { self = .market(error) }
  }
}

extension ReplayError: CustomStringConvertible {
  /// One sentence: where, what was found and what is allowed.
  public var description: String {
    switch self {
    case .flow(let error): return error.description
    case .decimals(let value, let allowed):
      return "the decimals of a token are \(value), but they must be from \(allowed.lowerBound) "
        + "to \(allowed.upperBound)."
    case .noVolatility:
      return
        "no file tells how volatile the price is; give one that does before the others, or a fixed "
        + "volatility."
    case .tooFewSteps(let found):
      return
        "a replay needs at least 2 moments whose price and volatility are known, but there are \(found)."
    case .timeGoesBack(let time, let last):
      return "a step is at \(time), but it must not be before the last one, \(last)."
    case .pool(let error): return error.description
    case .market(let error): return error.description
    }
  }
}

/// Runs what may throw an error of a number, as a replay's.
func asReplay<Value>(_ body: () throws(DAMMError) -> Value) throws(ReplayError) -> Value {
  do throws(DAMMError) { return try body() } catch { throw ReplayError(error) }
}

/// Runs what may throw a pool's error, as a replay's.
func asReplay<Value>(_ body: () throws(PoolError) -> Value) throws(ReplayError) -> Value {
  do throws(PoolError) { return try body() } catch { throw .pool(error) }
}

/// Runs what may throw a shared pool's error, as a replay's.
func asReplay<Value>(_ body: () throws(SharedPoolError) -> Value) throws(ReplayError) -> Value {
  do throws(SharedPoolError) { return try body() } catch { throw ReplayError(error) }
}
