import DAMMModel
import DAMMPool
import DAMMShared

/// Runs a log again, row by row, from the founding: what it leads to, and whether each receipt is what was given.
public struct LedgerReplay {
  /// The pool behind the last row; `nil` before the first.
  public private(set) var pool: SharedPool?
  /// How many rows there were.
  public private(set) var rows = 0
  /// How many of them were settlements.
  public private(set) var settlements = 0
  /// Lots that came into the pool's hands less those that left.
  private var moved = (a: Int128(0), b: Int128(0))

  /// Nothing yet.
  public init() {}

  /// Takes the next row.
  ///
  /// - Throws: `LedgerError.wrongRow` for one that is not what those before lead to.
  public mutating func take(_ row: LogRow) throws(LedgerError) {
    guard row.number == rows + 1 else {
      throw .wrongRow(row.number, why: "it follows row \(rows)")
    }
    let (asked, receipt) = (try row.entry(), try row.outcome())
    let led: LedgerReceipt
    do {
      switch asked.entry {
      case .found(let terms, let deposit, let lock):
        guard pool == nil else { throw LedgerError.founded }
        let pool = try SharedPool(terms, deposit: deposit, at: asked.time, lock: lock)
        led = pool.foundingReceipt
        self.pool = pool
      case .act(let action):
        guard pool != nil else { throw LedgerError.notFounded }
        led = try pool!.apply(action, at: asked.time)
        if case .settle = action { settlements += 1 }
      }
    } catch {
      throw .wrongRow(row.number, why: "the pool refuses it: \(error)")
    }
    guard led == receipt else {
      throw .wrongRow(row.number, why: "its receipt is not what the pool answers")
    }
    moved.a += Int128(receipt.moved.a) + Int128(receipt.redeemed.a)
    moved.b += Int128(receipt.moved.b) + Int128(receipt.redeemed.b)
    rows += 1
    try checkLots()
  }

  /// Lots that came and went are those that are there: own tokens, and fees that nobody was paid.
  private func checkLots() throws(LedgerError) {
    guard let pool, let owners = pool.owners else { throw .notFounded }
    let fees =
      Int128(owners.book.collected) - Int128(owners.book.paid) + Int128(pool.account.pendingFees)
    let there = (a: Int128(pool.account.plain.a) + fees, b: Int128(pool.account.plain.b))
    guard moved == there else {
      throw .lotsDiffer(
        "\(moved.a) of A and \(moved.b) of B have come, \(there.a) and \(there.b) are there, "
          + "behind row \(rows)")
    }
  }
}

/// What a log proves.
public struct LedgerVerification: Sendable, Hashable {
  /// Rows of the log.
  public let rows: Int
  /// Settlements among them.
  public let settlements: Int
  /// Markets, those that are closed included.
  public let markets: Int
  /// Lots of the reserves.
  public let reserves: LotPair
  /// Lots of A in fees that nobody was paid.
  public let fees: Int
  /// The health factor.
  public let health: Health
}

extension Ledger {
  /// Runs the log again from the founding, and compares what it leads to with each receipt and with the state.
  ///
  /// - Throws: `LedgerError.wrongRow`, `.stateDiffers`, `.lotsDiffer`, `StorageError`.
  /// - Complexity: the length of the log.
  public func verify() throws -> LedgerVerification {
    try storage.read { view in
      var replay = LedgerReplay()
      try view.eachRow { try replay.take($0) }
      let stored = try pool(view)
      let verification = try replay.verification()
      try replay.compare(with: stored)
      return verification
    }
  }
}

extension LedgerReplay {
  /// What the rows taken so far prove.
  ///
  /// - Throws: `LedgerError.notFounded` for none.
  public func verification() throws(LedgerError) -> LedgerVerification {
    guard let pool, let owners = pool.owners else { throw .notFounded }
    return LedgerVerification(
      rows: rows, settlements: settlements, markets: pool.markets.count, reserves: pool.reserves,
      fees: owners.book.collected - owners.book.paid + pool.account.pendingFees,
      health: pool.health)
  }

  /// Throws `LedgerError.stateDiffers` unless a pool is what the rows lead to.
  func compare(with stored: SharedPool) throws(LedgerError) {
    guard let pool else { throw .notFounded }
    guard stored.founding == pool.founding else { throw .stateDiffers("the founding") }
    guard stored.account == pool.account else { throw .stateDiffers("the account of the pool") }
    guard stored.owners == pool.owners else { throw .stateDiffers("shares") }
    for id in Set(stored.markets.keys).union(pool.markets.keys).sorted()
    where stored.markets[id] != pool.markets[id] {
      throw .stateDiffers("the account of market \(id)")
    }
  }
}
