import DAMMKernel
import DAMMModel

/// What agents of a replay trade with: a pool, the markets of a shared one, or what they are compared with. In token units.
protocol ReplayVenue: Sendable {
  /// How many markets there are to trade in, numbered from 0.
  var marketCount: Int { get }
  /// What the smallest trade pays, fee left out, A per B.
  func marginalPrice(_ market: Int) -> Double
  /// Carries an order out; `nil` where the market stands still, or the order is less than a lot.
  mutating func trade(_ order: Order, _ market: Int, at now: UTCTime) throws(ReplayError)
    -> VenueFill?
  /// Takes all that is worth taking at a market price, if it brings more than a cost in A; `nil` if it does not.
  mutating func arbitrage(
    to price: Double, cost: Double, _ market: Int, at now: UTCTime
  ) throws(ReplayError) -> VenueFill?
  /// Looks at a reading, and tells how many curves were formed anew.
  mutating func read(_ step: ReplayStep) throws(ReplayError) -> Int
  /// Ends a step, by its number from 1: markets settle.
  mutating func end(step: Int, isLast: Bool, at now: UTCTime) throws(ReplayError)
  /// How a market stands.
  func state(_ market: Int, at now: UTCTime) -> MarketState
  /// The health factor.
  var health: Double { get }
  /// What the founder has at a market price.
  func standing(at price: Double) -> ReplayStanding
}

/// How a market stands between steps.
struct MarketState {
  /// `|dB/dp|`, B per unit of price.
  var density: Double
  /// Mean of the fee rates of both directions where it stands, surge included.
  var fee: Double
  /// Price of the smallest trade, fee left out, A per B.
  var price: Double
}

/// What an order moved.
struct VenueFill {
  /// By how much the reserve of A grows, fee left out.
  var a: Double
  /// By how much the reserve of B grows.
  var b: Double
  /// The fee, in A.
  var fee: Double
  /// A over B of the trader, fee included; `nil` where one of them is nothing.
  var averagePrice: Double?
  /// What is left of the side that the order fixed, because there was no more to trade: A, or B.
  var left: (a: Double, b: Double) = (0, 0)

  /// What who traded took at a market price, before fees.
  func taken(at price: Double) -> Double { -(a + price * b) }
}

extension LotSize {
  /// How many whole lots an amount of tokens has, at most as many as an order may.
  func wholeLots(_ tokens: Double) -> Int {
    Int(min((tokens / self.tokens(1)).rounded(.down), Double(Domain.orderLots.upperBound)))
  }
}

/// The two tokens of a venue in lots.
struct LotUnits {
  let (sizeA, sizeB): (LotSize, LotSize)
  /// A lot, in tokens.
  let (a, b): (Double, Double)

  init(_ a: LotSize, _ b: LotSize) {
    (sizeA, sizeB) = (a, b)
    (self.a, self.b) = (a.tokens(1), b.tokens(1))
  }

  /// An order in whole lots; `nil` where it is less than one.
  func order(_ order: Order) throws(PoolError) -> LotOrder? {
    switch order.size {
    case .amount(let amount):
      let lots = sizeB.wholeLots(amount)
      return lots > 0 ? try LotOrder(order.side, .amount(lots), limit: order.limit) : nil
    case .notional(let amount):
      let lots = sizeA.wholeLots(amount)
      return lots > 0 ? try LotOrder(order.side, .notional(lots), limit: order.limit) : nil
    case .toPrice(let price):
      return try LotOrder(order.side, .toPrice(price), limit: order.limit)
    }
  }

  /// What an order moved, from lots.
  func fill(
    _ order: LotOrder, amountIn: Int, amountOut: Int, fee: Int, stop: Stop, left: Int?
  ) -> VenueFill? {
    guard amountIn > 0 || amountOut > 0 || stop != .complete else { return nil }
    let (isBuy, feeA) = (order.side == .buy, Double(fee) * a)
    let (into, out) = (Double(amountIn), Double(amountOut))
    var fill = VenueFill(
      a: isBuy ? into * a - feeA : -(out * a + feeA), b: isBuy ? -out * b : into * b, fee: feeA,
      averagePrice: nil)
    if amountIn > 0, amountOut > 0 {
      fill.averagePrice = isBuy ? into * a / (out * b) : out * a / (into * b)
    }
    if stop != .complete, let left {
      if case .notional = order.size {
        fill.left.a = Double(left) * a
      } else {
        fill.left.b = Double(left) * b
      }
    }
    return fill
  }
}
