import DAMM
import DAMMLedger
import Foundation
import LedgerSupport
import TestSupport

/// A shared pool in a ledger, and what its markets may have sent.
struct LedgerFixture {
  static let noon = UTCTime(secondsSince1970: 1_700_006_400)
  static let deposit = LotPair(a: 3_000_000_000_000, b: 100_000_000_000)
  let storage: any LedgerStorage
  let ledger: Ledger

  static func terms(_ limits: HealthLimits = .off) throws -> SharedPoolTerms {
    try SharedPoolTerms(
      a: LotSize(decimals: 6, exponent: 0), b: LotSize(decimals: 8, exponent: 0), limits: limits)
  }

  init(_ place: StorePlace, limits: HealthLimits = .off) throws {
    storage = try place.open()
    ledger = try Ledger.found(
      in: storage, try Self.terms(limits), deposit: Self.deposit, at: Self.noon)
  }

  static func key(_ market: String) throws -> MarketKey {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in market.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    let padded = String(repeating: "0", count: 16 - digits.count) + digits
    return try MarketKey(padded + padded)
  }

  func open(_ market: String) throws {
    _ = try ledger.open(try MarketID(market), key: Self.key(market), at: Self.noon)
  }

  /// A settlement of a market: of its own key unless another is given.
  func settlement(
    _ market: String, _ sequence: Int, flow: LotPair, fee: Int = 0, key: String? = nil,
    _ requests: [LiquidityRequest] = []
  ) throws -> Settlement {
    Settlement(
      market: try MarketID(market), key: try Self.key(key ?? market), sequence: sequence,
      flow: flow, fee: fee, requests: requests)
  }

  /// What a market has posted first under the number of its book.
  func posted<Pricing: MarketPricing & Codable>(
    _ flow: LotPair, fee: Int, of market: Market<Pricing>
  ) -> Settlement {
    guard case .stopped(let settlement, _) = market.phase else {
      preconditionFailure("\(market.id) has not been refused")
    }
    precondition(settlement.flow == flow && settlement.fee == fee)
    return settlement
  }

  @discardableResult
  func settle(_ settlement: Settlement) throws -> LedgerReceipt {
    try ledger.apply(.settle(settlement), at: Self.noon)
  }

  /// All that a ledger is.
  func contents() throws -> [String] {
    try storage.read { view in
      var all = try view.keys(withPrefix: "").map { "\($0): \(try view.value(of: $0) ?? "")" }
      try view.eachRow { all.append("\($0)") }
      return all
    }
  }
}
