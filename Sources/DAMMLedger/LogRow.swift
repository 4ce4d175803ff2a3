/// One row of the log of a ledger: written once, never changed.
public struct LogRow: Sendable, Hashable {
  /// Its place in the log: from 1, without gaps.
  public let number: Int
  /// For settlements: whose, and which of theirs. At most one row has it.
  public let settlement: Settlement?
  /// What was asked for, as JSON.
  public let action: String
  /// What came of it, as JSON.
  public let receipt: String

  /// A settlement is known by its market and by its number there.
  public struct Settlement: Sendable, Hashable {
    /// The market that settles.
    public let market: String
    /// The settlement's number among those of the market.
    public let sequence: Int

    /// A settlement of a market.
    public init(market: String, sequence: Int) {
      self.market = market
      self.sequence = sequence
    }
  }

  /// A row for a log; whether it has a place there, `LedgerTransaction.append` tells.
  public init(number: Int, settlement: Settlement? = nil, action: String, receipt: String) {
    self.number = number
    self.settlement = settlement
    self.action = action
    self.receipt = receipt
  }
}
