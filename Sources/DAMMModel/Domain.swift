/// What each input may be. A bound is written here and nowhere else; `check` turns a number
/// outside its bound into the error that names it.
///
/// The ranges are far wider than any market. They are where every intermediate of the kernel
/// (`l sqrt(mu)`, a mass at 32 sigma, the low part of a product) is still a normal `Double`, so that
/// nothing overflows, underflows to a wrong answer or becomes NaN.
public enum Domain {
  /// Oracle price, A per B.
  public static let price = 1e-30...1e30
  /// Reserve of either token, in token units.
  public static let reserve = 1e-30...1e30
  /// Amount of either token in an order, in token units.
  public static let amount = 1e-100...1e100
  /// A price coordinate to swap to, or a limit: any positive number. What lies outside the curve
  /// means the end of the curve.
  public static let target = Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude
  /// Reserve of A over reserve of B, A per B.
  public static let ratio = 1e-60...1e60
  /// What a price function may give, A per B.
  public static let marginalPrice = 1e-100...1e100
  /// Mark-up on a price, or part of what is paid in, in basis points; a bid stays positive.
  public static let markUpBps = 0.0...9_999.0
  /// How many ratios are sampled, or trades tried, when a law is checked.
  public static let lawSamples = 8...10_000_000
  /// Shares of a pool that counts in real numbers.
  public static let realShares = 1e-60...1e60
  /// Standard deviation over oracle price, a pure number.
  public static let relativeSigma = 1e-9...1e3
  /// Standard deviation in price units; the quotient with the price has its own range.
  public static let sigma = 1e-39...1e33
  /// Half width of the curve in standard deviations.
  public static let halfWidth = 1e-3...32.0
  /// Tick width in basis points of the oracle price.
  public static let tickWidthBps = 1e-6...1e6
  /// Sold fraction of a tick. A position has less than 1; 1 itself is the next tick's 0.
  public static let fraction = 0.0...1.0.nextDown
  /// Implied volatility, a year, as a decimal (0.8 is 80 %).
  public static let impliedVolatility = 1e-6...100.0
  /// Forward and strike of an option; in Black's model they are prices, and positive.
  public static let optionPrice = -1e30...1e30
  /// The larger of forward and strike over the smaller, in Black's model: a logarithm up to 10.
  public static let moneyness = 1.0...22026.5
  /// Undiscounted premium of an option. What is below the intrinsic value is refused with that reason.
  public static let premium = -1e30...1e30
  /// Total deviation `sigma sqrt(T)` in Black's model.
  public static let deviation = 1e-12...100.0
  /// Total deviation in the normal model, in units of the forward.
  public static let normalDeviation = 1e-42...1e32
  /// Horizon of a volatility in days.
  public static let horizonDays = 1e-6...36500.0
  /// A moment, in seconds since 1970: until the end of the year 9999.
  public static let secondsSince1970 = 0.0...Double(lastSecond)
  /// The last moment, in seconds since 1970.
  public static let lastSecond: Int64 = 253_402_300_799
  /// How old a reading, or the volatility in it, may become before it is stale, in seconds: at least
  /// one, the resolution of its time; at most 316 years.
  public static let ageLimitSeconds = 1.0...1e10
  /// How far in the future a time may lie because clocks differ, in seconds.
  public static let clockDifferenceSeconds = 0.0...86_400.0
  /// A move of price that is not held, in standard deviations.
  public static let jumpLimit = 1e-3...1e6
  /// Premium of an option as a venue quotes it, in the currency of its strike or in coin.
  public static let quotedPremium = 0.0...1e30
  /// How far from the forward a strike may lie and still tell the volatility at the money, in total
  /// deviations of its own volatility.
  public static let nearDeviations = 1e-3...10.0
  /// What one unit at an expiry is worth now, as put-call parity may show it.
  public static let discountFactor = 0.05...2.0
  /// Decimal places of a token, and of the answers of an aggregator.
  public static let tokenDecimals = 0...36

  /// Whole lots of either token that a pool may hold: below 2^48, so that products fit 128 bits and each
  /// count is a `Double`.
  public static let reserveLots = 0...(1 << 48) - 1
  /// Whole lots of either token in an order.
  public static let orderLots = 1...(1 << 48) - 1
  /// Shares that a pool may have.
  public static let shares = 1...(1 << 62)
  /// Liquidity of a pool in lots. It grows and shrinks with its shares, and early exits leave more of it to a share.
  public static let poolLiquidity = 0x1p-64...0x1p112
  /// Sums of lots along one side of a curve that was stored: 2^48 lots of a reserve, each worth up to 2^40 of the
  /// other token, in a tick of which a side has a 2^-12th, grown 2^48 times while the side was empty.
  public static let curveLots = 0x1p148
  /// Lots of either token between the ends of a curve whose liquidity follows a shared pool's, which may have
  /// fewer.
  public static let curveRange = 0x1p49
  /// Price of any tick of a pool's curve, in lots of A a lot of B: beyond, one lot moves less of the other
  /// token than its sums can tell, or more than a pool can hold.
  public static let lotPrice = 0x1p-38...0x1p40
  /// Size of a lot as a power of ten of the token's base unit.
  public static let lotExponent = 0...36
  /// Fees that a pool may collect in its life, in lots of A: in 2^-64 lots they still fit 128 bits twice
  /// over, and no sum of counts overflows.
  public static let collectedFees = 0...(1 << 62)
  /// Term of a lock in seconds: up to a hundred years of 365.25 days, whose square fits 64 bits.
  public static let lockSeconds = 1...3_155_760_000
  /// How many steps a schedule of early exits may have.
  public static let exitSteps = 1...1_000_000

  /// A fee, the least or the most of it, or a surge, in basis points.
  public static let feeBps = 0.0...9_999.0
  /// What one unit of sigma over price adds to a fee, as a rate.
  public static let feeVolatility = 0.0...1e3
  /// What one unit of distance from the oracle price adds to a fee, as a rate. Not negative: moving away
  /// never costs less than moving back.
  public static let feeSkew = 0.0...1e3
  /// The fee of a sale on any tick, its surge included, as a rate: what a sale brings stays positive.
  public static let sellFee = 0.0...0.9999
  /// A surge as a rate.
  public static let surge = 0.0...0.9999
  /// Half-life of a surge in seconds.
  public static let surgeHalfLifeSeconds = 1e-3...1e10

  /// How far a price may move before a pool reforms, in basis points.
  public static let reformDeviationBps = 1e-6...1e6
  /// How far a volatility may change before a pool reforms, relative.
  public static let volatilityChange = 1e-9...1e3
  /// How far a stored sigma may lie from the one that its basis leads to, as a part of it: the `expm1` of
  /// another system may round otherwise.
  public static let basisAgreement = 0x1p-48

  /// A relative change of price, as a decimal: down to a millionth of the price, up to a million times.
  public static let priceChange = -0.999999...1e6
  /// A move of price in standard deviations.
  public static let deviationMove = -1e6...1e6
  /// How far from the price depth is measured, as a part of it.
  public static let priceBand = 1e-9...0.999999
  /// `sigma sqrt(T)` over which a loss is expected: 19 times the price a year over a day.
  public static let lossDeviation = 1e-8...1.0
  /// Fee as a part of the A traded.
  public static let feeRate = 0.0...1.0
  /// What is traded in a day, in A.
  public static let dailyVolume = 0.0...1e100
  /// Mean time between two blocks, in seconds.
  public static let blockSeconds = 1e-3...86_400.0

  /// How often a node is asked the same before it counts as unavailable.
  public static let nodeAttempts = 1...20
  /// How long one attempt to ask a node may take, in seconds.
  public static let nodeTimeoutSeconds = 1e-3...600.0
  /// A pause between two attempts, in seconds.
  public static let nodeDelaySeconds = 0.0...600.0
  /// The most bytes of an answer that are read; those to our questions have a few hundred.
  public static let nodeAnswerBytes = 1 << 16

  /// The most bytes that a row of a table of comma-separated text may have: 1 MiB.
  public static let tableRowBytes = 1 << 20
  /// How many bad rows of a file may be left out before the file is refused.
  public static let badRows = 0...1_000_000_000

  /// A floor of the health factor, or an allowance by which it may fall.
  public static let healthLimit = 0.0...1.0
  /// How many adds and removes of liquidity one settlement may carry.
  public static let settlementRequests = 0...10_000
  /// Markets that move in a closed form.
  public static let movingMarkets = 1...100_000
  /// A price over that of the founding, of a market in a closed form.
  public static let priceRatio = 1e-12...1e12
  /// Steps of a path of prices.
  public static let pathSteps = 1...1_000_000
  /// How long a step of a path takes, in seconds.
  public static let pathStepSeconds = 1...31_536_000
  /// How many levels of volatility a path changes between.
  public static let volatilityRegimes = 1...100
  /// How long a level of volatility stays on average, in days.
  public static let regimeDays = 1e-6...36500.0
  /// Jumps of a price a year, on average.
  public static let jumpsPerYear = 0.0...1e6
  /// Jumps of a price a step of a path, on average.
  public static let jumpsPerStep = 0.0...100.0
  /// Mean of the logarithm of a jump.
  public static let jumpMean = -5.0...5.0
  /// Deviation of the logarithm of a jump.
  public static let jumpDeviation = 0.0...5.0
  /// How two paths move together.
  public static let correlation = 0.0...1.0
  /// How many markets a simulation may have.
  public static let simulatedMarkets = 1...1_000
  /// What the founder of a replay pays in, in A.
  public static let replayCapital = 1e-12...1e30
  /// The part of recorded orders that comes to the pool of a replay.
  public static let flowShare = 0.0...1e6
  /// What a trade costs an arbitrageur beside its fee, in A.
  public static let arbitrageCost = 0.0...1e30
  /// Mean size of an order of noise, in A.
  public static let noiseSize = 1e-30...1e30
  /// Orders of noise a day, on average.
  public static let noisePerDay = 0.0...1e7
  /// How many providers a replay may have beside the founder.
  public static let replayProviders = 0...1_000
  /// When providers of a replay come, and how long they stay, in hours.
  public static let providerHours = 0.0...876_000.0
  /// For how long a provider of a replay is locked, in hours.
  public static let lockHours = 0.001...876_000.0
  /// What a provider of a replay adds, as a part of the shares that there are.
  public static let providerPart = 1e-9...1e6
  /// Fees of what the pool of a replay is compared with, in basis points.
  public static let rivalFeeBps = 0.0...1e3
  /// The factor by which the range of a recorded position reaches up and down.
  public static let recordedRange = 1.0001...1e6
  /// How many cells the grid of a sweep may have.
  public static let sweepCells = 1...1_000_000
  /// How many threads a sweep may have.
  public static let sweepJobs = 1...1_024
  /// After how many steps a market settles in a simulation.
  public static let settleEvery = 1...1_000_000
  /// The part of a first deposit that a market of a simulation has as a credit.
  public static let creditPart = 0.0...1.0

  /// Sequences that an audit tries at most.
  public static let auditSequences = 1...1_000_000_000_000_000
  /// How far a reading moves up or down in an audit, relative.
  public static let readingMove = 0.0...0.9
  /// How many new readings an outsider knows of in an audit.
  public static let readingsKnown = 0...1_000
  /// Markets of a shared pool in an audit by name.
  public static let auditMarkets = 1...64
  /// Seconds that an audit takes at most: up to a year.
  public static let auditSeconds = 1e-3...3.2e7

  /// Length of a key of a ledger on disk, or of the name of a market there, in bytes of UTF-8: two fit a page of an
  /// index.
  public static let ledgerKeyBytes = 1...512
  /// The most bytes of UTF-8 that one value of a ledger on disk, an action or a receipt may have: 64 MiB.
  public static let ledgerTextBytes = 1 << 26
  /// How long a store waits for others, in seconds.
  public static let ledgerWaitSeconds = 0.0...3_600.0
  /// How often a store runs a transaction between which others come.
  public static let ledgerAttempts = 1...1_000

  /// The most ticks a table may have: 2^21.
  public static let maximumTicks = 1 << 21
  /// A piece of a tick narrower than this part of its width is no tick.
  public static let sliver = 1e-9

  /// Throws unless `value` is a number in `allowed`.
  ///
  /// - Parameters:
  ///   - value: the number given by the caller.
  ///   - name: what the caller calls it.
  ///   - allowed: the domain; both ends are included.
  /// - Throws: `DAMMError.outOfRange` for NaN, an infinity, or a number outside `allowed`.
  public static func check(
    _ value: Double, _ name: String, in allowed: ClosedRange<Double>
  ) throws(DAMMError) {
    guard allowed.contains(value) else {
      throw .outOfRange(name: name, value: value, allowed: allowed)
    }
  }
}
