import DAMM
import DAMMLedger
import DAMMReplay
import Foundation

/// Orders at random: either side as likely, sizes log-uniform over three powers of ten.
struct RandomFlow {
  private var random: SplitMix
  private let size: Double

  init(seed: UInt64, size: Double) {
    random = SplitMix(seed: seed)
    self.size = size
  }

  /// The next order, in lots of B; `nil` where it would be none.
  mutating func order(reserves: LotPair) -> LotOrder? {
    let side: Side = Bool.random(using: &random) ? .buy : .sell
    let part = Double.random(in: -3...0, using: &random)
    let lots = Double(reserves.b) * size * pow(10, part)
    return try? LotOrder(side, .amount(max(1, Int(min(lots, 0x1p47)))))
  }
}

/// What a run of a market did, told as it goes and at the end.
struct MarketReport {
  let name: String
  let terms: SharedPoolTerms
  /// Whether only the end is told.
  let isQuiet: Bool
  private var trades = 0
  private var declined = 0
  private var settlements = 0
  private var refusals = 0
  private var fees = 0
  private var lastHealth = Health.whole
  private var lastRoom: MarketRoom?

  init(name: String, terms: SharedPoolTerms, isQuiet: Bool) {
    self.name = name
    self.terms = terms
    self.isQuiet = isQuiet
  }

  mutating func count(_ quote: MarketQuote) {
    if quote.fill.lots > 0 { trades += 1 } else { declined += 1 }
    fees += quote.fill.fee
    lastRoom = quote.room
  }

  mutating func decline(_ error: SharedPoolError) { declined += 1 }

  mutating func settle(_ receipt: SettlementReceipt) throws {
    settlements += 1
    lastHealth = receipt.healthAfter
    guard !isQuiet else { return }
    var text = "\(name): settled \(receipt.sequence), health factor \(receipt.healthAfter)"
    if let room = lastRoom {
      text +=
        "; until then it might still have sold \(terms.b.text(room.buy.lots)) B and bought "
        + "\(terms.b.text(room.sell.lots)) B"
    }
    try Output.text(text)
  }

  mutating func refuse(_ refusal: SharedPoolError, _ book: MarketBook) throws {
    refusals += 1
    guard !isQuiet else { return }
    try Output.text("\(name): settlement \(book.sequence) refused, \(refusal)")
  }

  func finish(_ snapshot: PoolSnapshot) throws {
    let answer = Answer(
      market: name, trades: trades, declined: declined, settlements: settlements,
      refusals: refusals, feesInLots: fees, health: lastHealth.value,
      reserveA: snapshot.reserves.a, reserveB: snapshot.reserves.b)
    guard !isQuiet else { return try Output.json(answer) }
    try Output.text(
      "\(name): \(trades) trades, \(declined) declined, \(settlements) settlements, \(refusals) "
        + "refused, \(terms.a.text(fees)) A in fees.")
  }

  private struct Answer: Encodable {
    let market: String
    let trades, declined, settlements, refusals, feesInLots: Int
    let health: Double
    let reserveA, reserveB: Int
  }
}
