import DAMMModel
import DAMMPrices
import Testing

/// What the auditor promises besides what it finds.
@Suite struct AuditSearchTests {
  /// A dealer at one price that an outsider may move by 1 % up, once; a fee in both directions.
  struct Dealer: Auditable, Sendable {
    let fee: Double
    var price = 100.0
    var holdings = Holdings(a: 1e6, b: 1e4)
    var noise: Holdings { Holdings(a: 1e-7, b: 1e-9) }
    let actions = [
      AuditAction("buy", .trade, .init("B")), AuditAction("sell", .trade, .init("B")),
      AuditAction("move", .other),
    ]

    init(fee: Double) { self.fee = fee }

    func range(ofAmount number: Int, of action: Int) -> ClosedRange<Double>? { 1e-3...1e4 }

    mutating func perform(_ action: Int, _ amounts: AuditAmounts) throws(Refused) {
      let amount = amounts.first
      switch action {
      case 0:
        guard amount <= holdings.b else { throw .amount }
        holdings.b -= amount
        holdings.a += amount * price * (1 + fee)
      case 1:
        let paid = amount * price * (1 - fee)
        guard paid <= holdings.a else { throw .amount }
        holdings.b += amount
        holdings.a -= paid
      default:
        guard price == 100 else { throw .noSuchThing }
        price = 101
      }
    }
  }

  /// Refuses everything.
  struct Wall: Auditable, Sendable {
    let actions = [
      AuditAction("buy", .trade, .init("B", grain: 1)), AuditAction("take", .withdrawal),
    ]
    let holdings = Holdings(a: 1, b: 1)
    let owesOutsider = true
    func range(ofAmount number: Int, of action: Int) -> ClosedRange<Double>? { 1...2 }
    mutating func perform(_ action: Int, _ amounts: AuditAmounts) throws(Refused) { throw .amount }
  }

  /// Pays without a word when it refuses.
  struct Sieve: Auditable, Sendable {
    let actions = [AuditAction("knock", .other)]
    var holdings = Holdings(a: 100, b: 100)
    func range(ofAmount number: Int, of action: Int) -> ClosedRange<Double>? { nil }
    mutating func perform(_ action: Int, _ amounts: AuditAmounts) throws(Refused) {
      holdings.b -= 1
      throw .amount
    }
  }

  /// 101 (1 - f) = 100 (1 + f)
  static let breakEven = 1.0 / 201

  @Test func smallestFeeIsTheBreakEven() throws {
    let step = 1e-6
    let fee = try Audit<Dealer>.smallestFee(
      0...0.1, step: step, AuditLimits(seed: 3, sequences: 2000)
    ) { Dealer(fee: $0) }
    let (without, with) = (try #require(fee.without), try #require(fee.with))
    #expect(with <= Self.breakEven && Self.breakEven <= without + 1e-9)
    #expect(without - with <= step)
    let loop = try #require(fee.finding).loop
    #expect(loop.map(\.action.name) == ["buy", "move", "sell"])
  }

  @Test func smallestFeeOfTheEnds() throws {
    let limits = try AuditLimits(seed: 3, sequences: 2000)
    let never = try Audit<Dealer>.smallestFee(0.01...0.1, step: 1e-3, limits) { Dealer(fee: $0) }
    #expect(never.without == 0.01 && never.with == nil && never.finding == nil)
    let always = try Audit<Dealer>.smallestFee(0...0.001, step: 1e-3, limits) { Dealer(fee: $0) }
    #expect(always.without == nil && always.with == 0.001 && always.finding != nil)
  }

  @Test func greatestGainIsTheBreakEven() throws {
    let best = try Audit(Dealer(fee: 0), AuditLimits(seed: 5, sequences: 3000)).greatestGain()
    #expect((best.rate - Self.breakEven).magnitude <= 1e-9)
    #expect(best.loop.map(\.action.name) == ["buy", "move", "sell"])
    let none = try Audit(Dealer(fee: 0.01), AuditLimits(seed: 5, sequences: 3000)).greatestGain()
    #expect(none.rate == 0 && none.loop.isEmpty && none.sequences == 3000)
  }

  @Test func theSeedDecides() throws {
    func run(_ seed: UInt64) throws -> AuditReport {
      try Audit(
        TickBook(.bidAboveAsk, isThere: true), AuditLimits(seed: seed, sequences: 1_000_000)
      ).run()
    }
    let (one, again, other) = (try run(1), try run(1), try run(2))
    #expect(one.finding != nil && one.finding == again.finding)
    #expect((one.sequences, one.actions) == (again.sequences, again.actions))
    #expect(one.actions != other.actions)
  }

  @Test func limitsAreKept() throws {
    let wall = try Audit(Wall(), AuditLimits(seed: 1, sequences: 1234)).run()
    #expect(wall.finding == nil && wall.sequences == 1234)
    var last = 0
    let short = try Audit(Dealer(fee: 0.01), AuditLimits(seed: 1, seconds: 1.2)).run {
      #expect($0.sequences > last && $0.actions > last && $0.seconds < 3)
      last = $0.sequences
    }
    #expect(short.finding == nil && short.seconds >= 1.2 && short.seconds < 5)
    #expect(last > 0 && short.sequences > last)
    #expect(throws: DAMMError.self) { try AuditLimits(sequences: 0) }
    #expect(throws: DAMMError.self) { try AuditLimits(seconds: .nan) }
  }

  @Test func aRefusalThatPaysIsFound() throws {
    let finding = try #require(
      try Audit(Sieve(), AuditLimits(seed: 1, sequences: 100)).run().finding)
    #expect(finding.loop.count == 1 && finding.gain == Holdings(a: 0, b: 1))
  }
}
