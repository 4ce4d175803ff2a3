import DAMMFeeds
import DAMMModel

/// A stream of flow as the steps of a replay, one after the other, so that memory does not grow with files.
///
/// **The market price** is that of a track of prices or candles, if there is one, else the recorded pool's. **Volatility** is
/// the last that was known. Each swap, minute, order and price is a step; several orders of one moment are steps of one
/// moment. Orders before the first price and volatility are left out and counted.
///
/// Swaps of the recorded pool pay in what the log says was paid in. Of a minute only sums are known: what was paid in of
/// the token that flowed out on balance comes first, then the other, so that the minute ends in the direction in which it
/// moved. Of prices with volumes likewise, sales first where the price rose.
public final class ReplaySteps {
  private let stream: FlowStream
  private let tokens: TokenPair
  private var impliedVolatility: Double?
  private var price: Double?
  private var hasPriceTrack: Bool?
  /// Orders that came before price and volatility were known.
  public private(set) var ordersBefore = 0

  /// Steps of a stream.
  ///
  /// - Parameters:
  ///   - stream: its tracks; volatilities before the others.
  ///   - tokens: of the recorded pool: decimal places, and which is A.
  ///   - impliedVolatility: a year, as a decimal, until a track tells another, in `Domain.impliedVolatility`.
  public init(_ stream: FlowStream, tokens: TokenPair, impliedVolatility: Double? = nil) {
    self.stream = stream
    self.tokens = tokens
    self.impliedVolatility = impliedVolatility
  }

  /// What was read of each track so far.
  public var reports: [FlowReport] { stream.reports }

  /// The next step; `nil` at the end.
  ///
  /// - Throws: `ReplayError.flow`; `.noVolatility` at the end of a stream that never told one.
  public func next() throws(ReplayError) -> ReplayStep? {
    while let event = try read() {
      if hasPriceTrack == nil {
        // all tracks are open once the first event was read
        hasPriceTrack = stream.reports.contains {
          $0.format == .prices || $0.format == .hourlyCandles
        }
      }
      let (orders, recorded) = try look(at: event)
      guard let orders else { continue }
      guard let price, let impliedVolatility else {
        ordersBefore += orders.count
        continue
      }
      return ReplayStep(
        time: event.time, price: price, impliedVolatility: impliedVolatility, orders: orders,
        recorded: recorded)
    }
    guard impliedVolatility != nil || price == nil else { throw .noVolatility }
    return nil
  }

  /// All steps that are left.
  ///
  /// - Throws: as `next`, and `ReplayError.tooFewSteps` for less than two.
  public func all() throws(ReplayError) -> [ReplayStep] {
    var steps: [ReplayStep] = []
    while let step = try next() { steps.append(step) }
    guard steps.count >= 2 else { throw .tooFewSteps(found: steps.count) }
    return steps
  }

  private func read() throws(ReplayError) -> FlowEvent? {
    do throws(FlowError) { return try stream.next() } catch { throw .flow(error) }
  }

  /// Takes over what an event tells; its orders, `nil` where it is no step.
  private func look(
    at event: FlowEvent
  ) throws(ReplayError) -> (orders: [Order]?, recorded: RecordedPool?) {
    switch event.kind {
    case .volatility(let value):
      impliedVolatility = value
      return (nil, nil)
    case .mint, .burn: return (nil, nil)
    case .candle(let candle):
      price = candle.close
      return ([], nil)
    case .price(let point):
      let rose = point.price > price ?? point.price
      price = point.price
      if let volatility = point.impliedVolatility { impliedVolatility = volatility }
      return (
        try orders(inA: point.volumeInA ?? 0, inB: point.volumeInB ?? 0, sellsFirst: rose), nil
      )
    case .order(let order): return ([order], nil)
    case .swap(let swap):
      let (a, b) = tokens.amounts(of: swap)
      let recorded = RecordedPool(
        price: tokens.price(sqrtPriceX96: swap.sqrtPriceX96),
        liquidity: swap.liquidity.map(tokens.liquidity), inA: max(a, 0), inB: max(b, 0),
        averagePrice: a == 0 || b == 0 ? nil : -a / b)
      if hasPriceTrack != true { price = recorded.price }
      return (try orders(inA: recorded.inA, inB: recorded.inB, sellsFirst: false), recorded)
    case .minute(let minute):
      let (netA, _) = tokens.ordered(minute.netAmount0, minute.netAmount1)
      let (inA, inB) = tokens.amounts(minute.inAmount0, minute.inAmount1)
      let recorded = RecordedPool(
        price: tokens.price(tick: minute.closeTick),
        liquidity: tokens.liquidity(minute.liquidity), inA: inA, inB: inB)
      if hasPriceTrack != true { price = recorded.price }
      return (try orders(inA: inA, inB: inB, sellsFirst: netA.signum > 0), recorded)
    }
  }

  /// Orders that pay in sums of both tokens.
  private func orders(
    inA: Double, inB: Double, sellsFirst: Bool
  ) throws(ReplayError) -> [Order] {
    try asReplay { () throws(DAMMError) in
      let buy = Domain.amount.contains(inA) ? try Order.exactIn(inA, .buy) : nil
      let sell = Domain.amount.contains(inB) ? try Order.exactIn(inB, .sell) : nil
      return (sellsFirst ? [sell, buy] : [buy, sell]).compactMap { $0 }
    }
  }
}

extension ReplayStep {
  /// The moments of a path as steps without orders.
  public static func steps(of path: PricePath) -> [ReplayStep] {
    path.points.map {
      ReplayStep(time: $0.time, price: $0.price, impliedVolatility: $0.impliedVolatility)
    }
  }
}
