import DAMMModel
import DAMMShared

/// What came of a simulation of markets on a shared pool. Amounts are tokens; what is worth something is told in A.
public struct MarketsFigures: Sendable, Hashable {
  /// Why a settlement was refused.
  public enum Refusal: String, Sendable, Hashable, CaseIterable {
    /// The pool had not the lots.
    case insufficient
    /// Health would have been below the floor.
    case floor
    /// The market's falls of health in one day.
    case allowance
    /// Credits of others would not have been covered.
    case credits
    /// Anything else, such as a reserve too large to be counted.
    case other

    init(_ error: SharedPoolError) {
      switch error {
      case .insufficient: self = .insufficient
      case .belowFloor: self = .floor
      case .allowanceUsed: self = .allowance
      case .creditsUncovered: self = .credits
      default: self = .other
      }
    }
  }

  /// One market.
  public struct Market: Sendable, Hashable {
    /// Fees that it has settled.
    public internal(set) var fees = 0.0
    /// A traded, fees left out.
    public internal(set) var volume = 0.0
    /// Orders that moved something.
    public internal(set) var trades = 0
    /// Settlements that were applied.
    public internal(set) var applied = 0
    /// Settlements that were refused, each time that it was posted.
    public internal(set) var refused = 0
    /// Steps that it stood still.
    public internal(set) var stoppedSteps = 0
    /// How often its curve was formed anew.
    public internal(set) var reforms = 0
    /// Where it stands at the end, A per B.
    public internal(set) var price = 0.0
    /// Whether it has traded what it could not settle.
    public internal(set) var isUnsettled = false
  }

  /// The pool after a step.
  public struct Sample: Sendable, Hashable {
    /// How many steps were done: 0 at the founding.
    public let step: Int
    /// When.
    public let time: UTCTime
    /// The mean of the paths, A per B.
    public let price: Double
    /// The health factor.
    public let health: Double
  }

  /// The price of B at the founding, on the first path.
  public let startPrice: Double
  /// The price that the end is told at: the mean of the last prices of the paths.
  public let finalPrice: Double
  /// What the first deposit was worth at the founding.
  public let capital: Double
  /// What the reserves are worth at the final price over what the first deposit is worth there, less 1. Fees are
  /// apart, and so is what could not be settled.
  public let impermanentLoss: Double
  /// Fees that were settled, of all markets.
  public let fees: Double
  /// A traded, of all markets, fees left out.
  public let volume: Double
  /// The pool after each step, and at the founding.
  public let path: [Sample]
  /// Settlements refused, by reason.
  public let refused: [Refusal: Int]
  /// Steps after which all books together would have taken more of a token than the pool has.
  public let oversubscribedSteps: Int
  /// Steps after which all books together would have left less health than the floor.
  public let belowFloorSteps: Int
  /// The markets.
  public let markets: [Market]

  /// Fees over the capital.
  public var feesPerCapital: Double { fees / capital }
  /// The least health factor after a step.
  public var leastHealth: Double { path.map(\.health).min() ?? 1 }
  /// Settlements that were applied.
  public var applied: Int { markets.reduce(0) { $0 + $1.applied } }
  /// Settlements that were refused.
  public var refusals: Int { markets.reduce(0) { $0 + $1.refused } }
  /// How many markets have traded what they could not settle.
  public var unsettled: Int { markets.count { $0.isUnsettled } }
}
