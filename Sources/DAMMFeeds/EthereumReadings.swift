import DAMMModel
import DAMMOracle

/// Readings from a node: the price of an aggregator, and a volatility that the caller fixes or another
/// aggregator answers.
///
/// Each reading asks for the chain, for the newest block, and for all contracts in the state after that
/// one block. Its time is that of the price's round. How old it may be is for `ReadingGuard` to say.
public struct EthereumReadings: ReadingSource {
  /// Where the volatility comes from.
  public enum Volatility: Sendable {
    /// The caller fixes it: a year, as a decimal, in `Domain.impliedVolatility`.
    case fixed(Double)
    /// An aggregator answers it, in a unit, and not longer ago than the age limit, in
    /// `Domain.ageLimitSeconds`.
    case aggregator(EthereumAddress, unit: Unit, ageLimitSeconds: Double)
  }

  /// The unit in which an aggregator answers a volatility, a year.
  public enum Unit: String, Sendable, Hashable, CaseIterable {
    /// 0.8 is 80 %.
    case decimal
    /// 80 is 80 %.
    case percent
  }

  /// `Volatility` with the contract to ask.
  private enum Asked: Sendable {
    case nobody(Double)
    case aggregator(EthereumAggregator, Unit, ageLimitSeconds: Double)
  }

  /// The node, by scheme and host, and the aggregator of the price.
  public let name: String

  private let node: EthereumNode
  private let price: EthereumAggregator
  private let volatility: Asked
  private let now: @Sendable () -> UTCTime

  /// A source. Nothing is asked yet.
  ///
  /// - Parameters:
  ///   - node: who is asked.
  ///   - aggregator: answers the price, A per B.
  ///   - volatility: where the volatility comes from.
  ///   - clockDifferenceSeconds: how far after the present a round may be updated because clocks
  ///     differ, in `Domain.clockDifferenceSeconds`.
  ///   - now: the present.
  /// - Throws: `NodeError.invalid` that names the value.
  public init(
    node: EthereumNode, aggregator: EthereumAddress, volatility: Volatility,
    clockDifferenceSeconds: Double = 30, now: @escaping @Sendable () -> UTCTime = { .now }
  ) throws(NodeError) {
    func contract(_ address: EthereumAddress) throws(NodeError) -> EthereumAggregator {
      try EthereumAggregator(
        address, on: node, clockDifferenceSeconds: clockDifferenceSeconds, now: now)
    }
    func check(
      _ value: Double, _ name: String, in allowed: ClosedRange<Double>
    ) throws(NodeError) {
      do { try Domain.check(value, name, in: allowed) } catch { throw .invalid(error) }
    }
    switch volatility {
    case .fixed(let value):
      try check(value, "implied volatility", in: Domain.impliedVolatility)
      self.volatility = .nobody(value)
    case .aggregator(let address, let unit, let limit):
      try check(limit, "age limit of the volatility in seconds", in: Domain.ageLimitSeconds)
      self.volatility = .aggregator(try contract(address), unit, ageLimitSeconds: limit)
    }
    self.node = node
    price = try contract(aggregator)
    self.now = now
    name = "\(node.name), aggregator \(aggregator)"
  }

  /// The newest reading.
  ///
  /// - Throws: `ReadingError.unavailable` for what may pass, `.refused` for an answer that cannot be
  ///   used, `.invalid` for a price or volatility outside its domain.
  public func latest() async throws(ReadingError) -> MarketReading {
    let (price, value): (AggregatorRound, Double)
    do throws(NodeError) {
      try await node.checkChain()
      let block = try await node.blockNumber()
      price = try await self.price.round(block: block)
      value = try await impliedVolatility(block)
    } catch {
      let passes = if case .cancelled = error { true } else { error.mayPass }
      throw passes
        ? .unavailable(source: name, reason: error.description)
        : .refused(source: name, reason: error.description)
    }
    do throws(DAMMError) {
      return try MarketReading(
        price: price.value, impliedVolatility: value, time: price.updatedAt, source: name)
    } catch {
      throw .invalid(source: name, error: error)
    }
  }

  private func impliedVolatility(_ block: UInt64) async throws(NodeError) -> Double {
    switch volatility {
    case .nobody(let value):
      return value
    case .aggregator(let aggregator, let unit, let limit):
      let round = try await aggregator.round(block: block)
      let age = now().seconds(since: round.updatedAt)
      guard age <= limit else {
        throw .stale(
          address: aggregator.address, time: round.updatedAt, ageSeconds: age, allowed: limit)
      }
      // Two more decimals, rather than a second rounding.
      return unit == .decimal
        ? round.value : round.answer.rounded(over: .powerOfTen(round.decimals + 2))
    }
  }
}
