import DAMM
import DAMMLedger
import Foundation
import LedgerSupport
import Testing
import TestSupport

extension LedgerTests {
  /// A market and its book, without other processes.
  @Suite struct MarketBookTests {
    typealias Product = FunctionPricing<FeeHeldApart<ConstantProduct>>

    private static func product(
      _ ledger: Ledger, _ snapshot: PoolSnapshot
    ) throws -> Product {
      try Product(
        FeeHeldApart(.withoutFee, feeBps: 30), ratio: 3_000, terms: ledger.founding.terms,
        on: snapshot, retraces: true)
    }

    private static func market(
      _ name: String, _ book: any LedgerStorage, _ ledger: Ledger
    ) throws -> MarketProcess<Product> {
      try MarketProcess(
        MarketID(name), kind: "product", book: book, ledger: ledger, at: LedgerFixture.noon
      ) { try product(ledger, $0) }
    }

    /// A store that fails when it is told to, before or behind what it does.
    private final class Failing: LedgerStorage, @unchecked Sendable {
      // @unchecked: one thread uses it
      enum When { case never, before, after }
      let store: any LedgerStorage
      var when = When.never

      init(_ store: any LedgerStorage) { self.store = store }

      func transaction<Result>(
        _ body: (any LedgerTransaction) throws -> Result
      ) throws -> Result {
        defer { when = .never }
        if when == .before { throw StorageError.full(place: "a test") }
        let result = try store.transaction(body)
        if when == .after { throw StorageError.outcomeUnknown(place: "a test", why: "told to") }
        return result
      }

      func read<Result>(_ body: (any LedgerView) throws -> Result) throws -> Result {
        try store.read(body)
      }
    }

    /// Wherever a market ends, of its trades and of the settlement on its way nothing is lost nor done twice.
    @Test func itGoesOnFromItsBook() throws {
      let fixture = try LedgerFixture(.memory(MemoryStore()))
      let (book, pool) = (MemoryStore(), Failing(fixture.storage))
      let ledger = try Ledger(pool)
      var market = try Self.market("north", book, ledger)
      let noon = LedgerFixture.noon
      var traded = LotPair.zero
      for step in 0..<40 {
        let order = try LotOrder(step % 3 == 0 ? .sell : .buy, .amount(1_000 + step))
        traded = traded + (try market.swap(order, at: noon).fill.flow)
        switch step % 8 {
        case 3: pool.when = .before  // the ledger was not reached
        case 5: pool.when = .after  // it was, and its answer was not heard
        case 7: break
        default: continue
        }
        if pool.when == .never {
          _ = try market.settle(at: noon).get()
        } else {
          #expect(throws: StorageError.self) { try market.settle(at: noon) }
          // it waits for the answer: nothing trades
          #expect(throws: SharedPoolError.self) { try market.swap(order, at: noon) }
        }
        // the process ends, and another goes on
        market = try Self.market("north", book, ledger)
        if case .posted = market.market.phase { _ = try market.settle(at: noon).get() }
        #expect(market.market.book.isEmpty)
        let settled = try BookVerification(book)
        #expect(settled.settled == traded && settled.open == .zero)
        #expect(try fixture.ledger.verify().reserves == LedgerFixture.deposit + traded)
      }
      #expect(try BookVerification(book).trades == 40)
    }

    /// A trade that could not be written down has not happened.
    @Test func aTradeThatIsNotWrittenIsNone() throws {
      let fixture = try LedgerFixture(.memory(MemoryStore()))
      let book = Failing(MemoryStore())
      let market = try Self.market("north", book, fixture.ledger)
      let order = try LotOrder(.buy, .amount(1_000))
      let before = market.market.state
      book.when = .before
      #expect(throws: StorageError.full(place: "a test")) {
        try market.swap(order, at: LedgerFixture.noon)
      }
      #expect(try json(market.market.state) == json(before))
      try market.swap(order, at: LedgerFixture.noon)
      #expect(try BookVerification(book).trades == 1)
    }

    /// A refused settlement stays in the book, the market stops, and paying in heals it.
    @Test func itStopsUntilItSettles() throws {
      let fixture = try LedgerFixture(
        .memory(MemoryStore()), limits: try HealthLimits(floor: 0.9, dailyAllowance: 0.001))
      let (book, noon) = (MemoryStore(), LedgerFixture.noon)
      let market = try Self.market("north", book, fixture.ledger)
      try market.change { $0.keepsRoom = false }
      // another market has moved the pool, so that this one's old price costs health
      try fixture.open("south")
      try fixture.settle(
        fixture.settlement("south", 1, flow: LotPair(a: 160_000_000_000, b: -5_000_000_000)))
      try market.swap(LotOrder(.buy, .amount(5_000_000_000)), at: noon)
      let open = market.market.book.flow
      guard case .failure(.allowanceUsed) = try market.settle(at: noon) else {
        Issue.record("a settlement beyond the allowance was applied")
        return
      }
      #expect(market.market.book.flow == open)
      #expect(throws: SharedPoolError.self) {
        try market.swap(LotOrder(.sell, .amount(10)), at: noon)
      }
      let again = try Self.market("north", book, fixture.ledger)
      guard case .stopped = again.market.phase else {
        Issue.record("it has forgotten that it stopped: \(again.market.phase)")
        return
      }
      let gift = LotPair(a: 20_000_000_000, b: 0)
      try again.change { try $0.payIn(gift) }
      // the other market comes back, and a copy of what was refused turns up late: then that was settled, not the gift
      try fixture.settle(
        fixture.settlement("south", 2, flow: LotPair(a: -160_000_000_000, b: 5_000_000_000)))
      let late = fixture.posted(open, fee: again.market.book.fee, of: again.market)
      let copy = try fixture.settle(late)
      #expect(copy.settlement?.revision == 0)
      let receipt = try again.settle(at: noon).get()
      #expect(receipt == copy.settlement && receipt.revision == 0)
      #expect(again.market.book.flow == gift && again.market.book.fee == 0)
      _ = try again.settle(at: noon).get()
      #expect(again.market.book.isEmpty)
      let settled = try BookVerification(book)
      #expect(settled.settled == open + gift && settled.open == .zero)
      #expect(again.market.phase == .trading)
      #expect(try BookVerification(book).refused == 1)
      _ = try fixture.ledger.verify()
    }

    /// The book of another market, or of another kind of prices, is not taken for its own.
    @Test func itKnowsItsBook() throws {
      let fixture = try LedgerFixture(.memory(MemoryStore()))
      let book = MemoryStore()
      _ = try Self.market("north", book, fixture.ledger)
      #expect(throws: LedgerError.self) { try Self.market("south", book, fixture.ledger) }
      #expect(throws: SharedPoolError.marketExists(try MarketID("north"))) {
        try Self.market("north", MemoryStore(), fixture.ledger)
      }
    }

    private func json(_ value: some Encodable) throws -> String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
  }
}
