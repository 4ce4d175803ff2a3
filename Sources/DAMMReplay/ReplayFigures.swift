import DAMMModel

/// What came of a replay. Amounts are tokens; what is worth something is told in A, at the market price.
public struct ReplayFigures: Sendable, Hashable, Encodable {
  /// Time of the first step, at which everything is founded; its orders are not replayed.
  public let start: UTCTime
  /// Time of the last step.
  public let end: UTCTime
  /// How many steps came after the first.
  public let steps: Int
  /// Market price at the first step, A per B.
  public let startPrice: Double
  /// Market price at the last step.
  public let endPrice: Double
  /// What the founder paid in, in A.
  public let capital: Double
  /// What stays of it, of A and of B, if nothing is done.
  public let holding: ReplayHolding
  /// The tick pool, or all markets of a shared one together.
  public let pool: VenueFigures
  /// A constant product over all prices with the same capital, which met the same traders.
  public let product: VenueFigures
  /// A position of the same capital in the recorded pool; `nil` where its liquidity is not known.
  public let recorded: RecordedFigures?
  /// The hours of the clock in which there were steps, in order.
  public let hours: [ReplayHour]
  /// Moments for charts, at most `mostSamples`, the first and the last among them; evenly spread over the steps but for
  /// the last.
  public let path: [ReplaySample]
  /// The liquidity of the curve now and then, at most `mostShapes`, the first and the last among them.
  public let shapes: [LiquidityShape]
  /// What trades find at the end.
  public let depth: [DepthPoint]
  /// Providers that came after the founder, in the order of the setup.
  public let providers: [ProviderFigures]
  /// The markets; one for a pool of its own.
  public let markets: [MarketReplayFigures]

  /// The most moments of `path`.
  public static let mostSamples = 500
  /// The most shapes.
  public static let mostShapes = 96

  /// Worth of the founder's part at the end, fees included.
  public var value: Double { pool.end.value }
  /// What holding would be worth.
  public var heldValue: Double { holding.a + holding.b * endPrice }
  /// The founder's part without fees over what holding is worth, less 1: not above 0 but for what traders paid beyond the
  /// market price.
  public var impermanentLoss: Double { (pool.end.value - pool.end.fees) / heldValue - 1 }
  /// Worth of the founder's part over what holding is worth, less 1: what there is to decide.
  public var advantage: Double { value / heldValue - 1 }
  /// How long it was, in days.
  public var days: Double { end.seconds(since: start) / 86_400 }
}

/// What is held of both tokens.
public struct ReplayHolding: Sendable, Hashable, Encodable {
  /// Of A.
  public let a: Double
  /// Of B.
  public let b: Double
}

/// Sums over a time of what one kind of traders did.
public struct TraderTally: Sendable, Hashable, Encodable {
  /// Trades that moved something.
  public internal(set) var trades = 0
  /// A that changed hands, fees left out.
  public internal(set) var volume = 0.0
  /// Fees that they paid.
  public internal(set) var fees = 0.0
  /// What they took at the market price of the step, before fees: `R B - A` of each trade, `B` what they got and `A` what
  /// they paid without the fee. Negative where they paid for it.
  public internal(set) var taken = 0.0

  /// What they earned by it, in A: `taken - fees`.
  public var profit: Double { taken - fees }

  /// Nobody traded.
  public static let nothing = TraderTally()

  static func + (left: TraderTally, right: TraderTally) -> TraderTally {
    TraderTally(
      trades: left.trades + right.trades, volume: left.volume + right.volume,
      fees: left.fees + right.fees, taken: left.taken + right.taken)
  }
}

/// Sums over a time of what happened in a venue.
public struct ReplayTally: Sendable, Hashable, Encodable {
  /// Who brought recorded orders.
  public internal(set) var flow = TraderTally()
  /// Noise.
  public internal(set) var noise = TraderTally()
  /// Arbitrageurs.
  public internal(set) var arbitrage = TraderTally()
  /// Loss versus rebalancing as implied volatility predicts it, without fees: `sum of sigma^2 R^2 / 2 |dB/dp| dt`, of the
  /// curve as it stood before each step.
  public internal(set) var predictedLoss = 0.0
  /// The same from the squared moves of the market price instead of `sigma^2 R^2 dt`.
  public internal(set) var realisedLoss = 0.0
  /// `predictedLoss`, of each step times the part that fees leave to arbitrageurs: `r / (r + fee)`, with
  /// `r = 0.5826 sigma sqrt(dt)` how far the price of a step that leaves the band of fees gets beyond it on average.
  public internal(set) var predictedProfit = 0.0
  /// What of recorded orders and noise was not filled, worth in A.
  public internal(set) var unfilled = 0.0
  /// How often curves were formed anew.
  public internal(set) var reforms = 0

  /// All traders together.
  public var all: TraderTally { flow + noise + arbitrage }
  /// Loss versus rebalancing as it was: what a portfolio with the same B, traded at the market price of each step, made
  /// more than the reserves. What all traders together took, before fees.
  public var measuredLoss: Double { all.taken }
  /// Fees of all.
  public var fees: Double { all.fees }
  /// A that changed hands.
  public var volume: Double { all.volume }
}

/// What the founder has in a venue, and how much of it is on offer.
public struct ReplayStanding: Sendable, Hashable, Encodable {
  /// Worth of the founder's part of the reserves and of the fees, at the market price.
  public let value: Double
  /// Fees that the founder was owed so far; part of `value`.
  public let fees: Double
  /// Price at which the venue stands, A per B; of several markets the mean.
  public let price: Double
  /// Worth of what is on offer over that of all reserves; several markets offer the same reserves several times.
  public let offered: Double
  /// The health factor; 1 for a pool of its own.
  public let health: Double
}

/// A venue over the whole replay.
public struct VenueFigures: Sendable, Hashable, Encodable {
  /// Sums.
  public let total: ReplayTally
  /// Where it stands at the end.
  public let end: ReplayStanding
  /// Slippage of recorded orders and of noise by size.
  public let slippage: [SlippageBucket]
  /// Mean of `offered` over the moments of `path`.
  public let meanOffered: Double
  /// The least health factor.
  public let leastHealth: Double
  /// A traded in a day over the capital.
  public let dailyTurnover: Double
  /// The largest distance of its price from the market price behind a step, in basis points of that.
  public let worstDeviationBps: Double
}

/// Orders of one size: from `from` to ten times that, worth in A. Dust, of less than a part `least` of the capital, is left
/// out: its price is that of rounding to lots.
public struct SlippageBucket: Sendable, Hashable, Encodable {
  /// The smallest order that is told of, over the capital.
  public static let least = 1e-9
  /// A power of ten.
  public let from: Double
  /// How many orders.
  public internal(set) var trades: Int
  /// A that they moved.
  public internal(set) var volume: Double
  /// Mean of `|average price / price before - 1|`, fees included, weighted by A, in basis points. The price before is the
  /// marginal one where the venue stands.
  public internal(set) var bps: Double
  /// The same of the recorded pool, of those orders whose average price there is known; `nil` if none.
  public internal(set) var recordedBps: Double?
}

/// A position in the recorded pool: what was traded there, it earned its part of.
public struct RecordedFigures: Sendable, Hashable, Encodable {
  /// Worth of the position at the end, fees included, at the market price.
  public let value: Double
  /// Fees, part of `value`.
  public let fees: Double
  /// The lower end of its range, A per B; 0 for all prices.
  public let lowestPrice: Double
  /// The upper end; `nil` for all prices.
  public let highestPrice: Double?
  /// Part of the steps with flow in which it was in range.
  public let inRange: Double
  /// Mean of its part of the liquidity, where it was in range.
  public let meanShare: Double
  /// Mean over the steps with flow of the tick pool's part of the depth of both, `|dB/dp|` where each stands behind the step: the part
  /// of the flow that would come if the cheaper of two like prices were taken. Of several markets, the first.
  public let depthShare: Double
  /// A that changed hands in the recorded pool, fees included.
  public let volume: Double
}

/// A moment of a replay.
public struct ReplaySample: Sendable, Hashable, Encodable {
  /// When.
  public let time: UTCTime
  /// Market price, A per B.
  public let price: Double
  /// Implied volatility, a year, as a decimal.
  public let impliedVolatility: Double
  /// The tick pool.
  public let pool: ReplayStanding
  /// The constant product.
  public let product: ReplayStanding
  /// Worth of holding.
  public let held: Double
  /// Worth of the position in the recorded pool, fees included; `nil` where not known.
  public let recorded: Double?
  /// Sums of the tick pool since the start.
  public let total: ReplayTally
}

/// An hour of the clock.
public struct ReplayHour: Sendable, Hashable, Encodable {
  /// When it began: a whole hour, UTC.
  public let begin: UTCTime
  /// How many steps fell into it.
  public let steps: Int
  /// What happened in the tick pool within it.
  public let pool: ReplayTally
  /// What happened in the constant product within it.
  public let product: ReplayTally
  /// Where everything stood behind its last step. Its `total` counts from the start of the replay.
  public let end: ReplaySample
}

/// Liquidity over prices at a moment; of several markets the first.
public struct LiquidityShape: Sendable, Hashable, Encodable {
  /// When.
  public let time: UTCTime
  /// Market price, A per B.
  public let price: Double
  /// The lower end of the first interval, A per B.
  public let lowestPrice: Double
  /// How wide each is.
  public let interval: Double
  /// What each interval holds, of either token, worth in A at its price.
  public let values: [Double]
}

/// What a trade to a price finds at the end of a replay, fees included.
public struct DepthPoint: Sendable, Hashable, Encodable {
  /// How far the price may go from the market price, in basis points: positive for purchases of B.
  public let bps: Double
  /// A that the trade moves in the tick pool.
  public let pool: Double
  /// The same in the constant product.
  public let product: Double
}

/// A provider beside the founder.
public struct ProviderFigures: Sendable, Hashable, Encodable {
  /// When liquidity was added; `nil` if the replay ended before, or nothing could be added.
  public internal(set) var joined: UTCTime?
  /// When they left; `nil` if they stayed to the end.
  public internal(set) var left: UTCTime?
  /// What was paid in, worth in A when it was.
  public internal(set) var paidIn = 0.0
  /// What was paid out, or what the position is worth at the end, fees included, each at the market price then.
  public internal(set) var value = 0.0
  /// What was paid in, worth in A at the same moment as `value`.
  public internal(set) var held = 0.0
  /// Fees, part of `value`.
  public internal(set) var fees = 0.0
  /// What stayed in the pool because they left early, and the fees that were forfeited, worth in A.
  public internal(set) var penalty = 0.0
}

/// One market.
public struct MarketReplayFigures: Sendable, Hashable, Encodable {
  /// Price at which it stands at the end, A per B.
  public internal(set) var price = 0.0
  /// A that changed hands.
  public internal(set) var volume = 0.0
  /// Fees that traders paid.
  public internal(set) var fees = 0.0
  /// Settlements that were applied.
  public internal(set) var applied = 0
  /// Settlements that were refused, each time that it was posted.
  public internal(set) var refused = 0
  /// Steps that it stood still, because a settlement was refused.
  public internal(set) var stoppedSteps = 0
}
