import ArgumentParser
import DAMM
import DAMMLedger

/// `damm ledger status`: what a ledger holds.
struct LedgerStatus: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Shows reserves, health, shares and markets of a ledger.")

  @OptionGroup var place: LedgerOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let ledger = try place.open()
    let answer = LedgerAnswer(
      try ledger.pool(), rows: try ledger.storage.read { try $0.lastNumber() })
    if json { try Output.json(answer) } else { try Output.text(answer.text) }
  }
}

/// What a ledger holds, in whole lots.
struct LedgerAnswer: Encodable {
  struct Market: Encodable {
    let name: String
    let settlements: Int
    let creditA: Int
    let creditB: Int
    /// UTC day of the last fall of health, in days since 1970, and the falls on it.
    let day: Int
    let fallenOnDay: Double
    let isClosed: Bool
  }

  /// Lots of the reserves; of them, in LP tokens of an outside pool.
  let reserveA: Int
  let reserveB: Int
  let redeemableA: Int
  let redeemableB: Int
  /// Lots that no credit may take.
  let unallocatedA: Int
  let unallocatedB: Int
  /// Lots of A in fees that nobody was paid.
  let fees: Int
  let health: Double
  let floor: Double
  @OrNull var dailyAllowance: Double?
  let reference: String
  let shares: Int
  let positions: Int
  let rows: Int
  let time: String
  let markets: [Market]
  private let terms: SharedPoolTerms

  private enum CodingKeys: String, CodingKey {
    case reserveA, reserveB, redeemableA, redeemableB, unallocatedA, unallocatedB, fees, health
    case floor, dailyAllowance, reference, shares, positions, rows, time, markets
  }

  init(_ pool: SharedPool, rows: Int) {
    let account = pool.account
    let redeemable = account.outside?.redeemable ?? .zero
    (reserveA, reserveB) = (account.reserves.a, account.reserves.b)
    (redeemableA, redeemableB) = (redeemable.a, redeemable.b)
    (unallocatedA, unallocatedB) = (account.unallocated.a, account.unallocated.b)
    let book = pool.owners?.book
    fees = account.pendingFees + (book.map { $0.collected - $0.paid } ?? 0)
    health = pool.health.value
    floor = pool.terms.limits.floor.value
    _dailyAllowance = OrNull(wrappedValue: pool.terms.limits.dailyAllowance?.value)
    reference = pool.terms.reference.name
    shares = account.shares
    positions = book?.positionCount ?? 0
    self.rows = rows
    time = account.time.description
    markets = pool.markets.values.sorted { $0.id < $1.id }.map {
      Market(
        name: $0.id.name, settlements: $0.sequence, creditA: $0.credit.a, creditB: $0.credit.b,
        day: $0.day, fallenOnDay: $0.fallenToday.value, isClosed: $0.isClosed)
    }
    terms = pool.terms
  }

  /// Labelled lines, and the markets in a table.
  var text: String {
    func words(_ a: Int, _ b: Int) -> String { terms.words(LotPair(a: a, b: b)) }
    var rows: [(label: String, value: String)] = [
      ("reserves", words(reserveA, reserveB)),
      ("for no credit", words(unallocatedA, unallocatedB)),
      ("fees unpaid", "\(terms.a.text(fees)) A"),
      ("health factor", "\(Figures.short(health, digits: 13)) along the reference \(reference)"),
      (
        "limits",
        "floor \(Figures.short(floor, digits: 13)), "
          + (dailyAllowance.map { "\(Figures.short($0, digits: 13)) a market and day" }
            ?? "no daily allowance")
      ),
      ("shares", "\(shares) in \(positions) positions"),
      ("log", "\(self.rows) rows, last at \(time) UTC"),
    ]
    if redeemableA > 0 || redeemableB > 0 {
      rows.insert(("of them LP tokens", words(redeemableA, redeemableB)), at: 1)
    }
    guard !markets.isEmpty else { return Figures.lines(rows) + "\n  no markets yet" }
    let table = markets.map {
      [
        $0.name, "\($0.settlements)", terms.a.text($0.creditA), terms.b.text($0.creditB),
        Figures.short($0.fallenOnDay, digits: 4), $0.isClosed ? "closed" : "open",
      ]
    }
    return Figures.lines(rows) + "\n\n"
      + Figures.table(
        [["market", "settlements", "credit, A", "credit, B", "fallen that day", ""]] + table)
  }
}
