import ArgumentParser
import DAMM

/// `damm audit --markets`: one pool that several markets trade on.
struct AuditMarketOptions: ParsableArguments {
  @Option(help: "Audit one pool that so many of these markets trade on.")
  var markets: Int?

  @Option(
    parsing: .unconditional,
    help: "Floor of the shared pool's health factor; what it allows is no finding.")
  var floor: Double?

  @Option(
    parsing: .unconditional,
    help: "By how much a market may lower the health factor in a day; what it allows is no finding."
  )
  var allowance: Double?

  @Option(help: "Liquidity of the outsider: \(AuditedLiquidity.choices).")
  var liquidity: AuditedLiquidity?

  /// Throws unless they belong together and to this AMM.
  func validate(_ amm: AuditedMaker, hasReadings: Bool) throws {
    guard markets != nil else {
      guard floor == nil, allowance == nil, liquidity == nil else {
        throw ValidationError("--floor, --allowance and --liquidity belong to --markets.")
      }
      return
    }
    if amm == .constantPrice {
      throw ValidationError("--markets belongs to --amm constant-product and tick.")
    }
    if hasReadings {
      throw ValidationError("--reforms, --price-move and --sigma-move do not go with --markets.")
    }
  }

  /// The limits that the pool keeps; `nil` without any.
  fileprivate var limits: HealthLimits? {
    get throws {
      guard floor != nil || allowance != nil else { return nil }
      return try HealthLimits(floor: floor ?? 0, dailyAllowance: allowance)
    }
  }
}

/// Where the outsider of a shared pool provides liquidity.
enum AuditedLiquidity: String, CaseIterable, ExpressibleByArgument {
  case none, settled, anytime

  fileprivate var scope: SharedAuditScope.Liquidity {
    switch self {
    case .none: .none
    case .settled: .settled
    case .anytime: .anytime
    }
  }
}

extension AuditCommand {
  /// A pool with markets of the same kind, that begin at the same price.
  func sharedPool(at now: UTCTime) throws -> AuditedSharedPool<SharedPool> {
    let count = shared.markets ?? 1
    try Domain.check(count, "markets", in: Domain.auditMarkets)
    let deposit = try lots(reserves.reserves())
    let (a, b) = try (
      LotSize(decimals: digitsA, exponent: 0), LotSize(decimals: digitsB, exponent: 0)
    )
    let reference =
      try amm == .tick
      ? Reference.ticks(
        terms(reserves.funding, .none), volatility.reading(price: price ?? .nan))
      : .constantProduct
    let limits = try shared.limits
    var pool = try SharedPool(
      SharedPoolTerms(a: a, b: b, reference: reference, limits: limits ?? .off), deposit: deposit,
      at: now)
    var random = SystemRandomNumberGenerator()
    let markets = try (0..<count).map { number in
      let (id, key) = (try MarketID("market-\(number + 1)"), MarketKey.random(using: &random))
      return try market(id, key, pool.founding, pool.open(id, key: key, at: now), at: now)
    }
    var scope = SharedAuditScope()
    scope.liquidity = (shared.liquidity ?? (limits == nil ? .settled : .anytime)).scope
    scope.allowed = limits
    return try AuditedSharedPool(pool, markets, scope, at: now)
  }

  private func market(
    _ id: MarketID, _ key: MarketKey, _ founding: SharedPoolFounding, _ snapshot: PoolSnapshot,
    at now: UTCTime
  ) throws -> any PoolMarket {
    if amm == .tick {
      let pricing = try TickPricing(
        terms(reserves.funding, fees.schedule()), volatility.reading(price: price ?? .nan),
        on: snapshot, at: now, atPrice: at)
      return try Market(id, key: key, of: founding, snapshot, pricing: pricing)
    }
    let (a, b) = (founding.terms.a, founding.terms.b)
    let pricing = try FunctionPricing(
      FeeHeldApart(ConstantProduct.withoutFee, feeBps: fees.rates.feeBps ?? 0),
      ratio: a.tokens(founding.deposit.a) / b.tokens(founding.deposit.b), terms: founding.terms,
      on: snapshot, retraces: true)
    return try Market(id, key: key, of: founding, snapshot, pricing: pricing)
  }
}
