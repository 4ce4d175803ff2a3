import DAMMModel
import Synchronization

/// One round of an aggregator: an answer, and when it was given.
public struct AggregatorRound: Sendable, Hashable {
  /// Which round; it grows.
  public let id: ChainInteger
  /// The answer as the chain has it.
  public let answer: ChainInteger
  /// How many decimal places the answer has.
  public let decimals: Int
  /// The answer, `answer / 10^decimals`, correctly rounded.
  public let value: Double
  /// When the answer was given.
  public let updatedAt: UTCTime
  /// The block after which this was so.
  public let block: UInt64
}

/// A contract that answers `latestRoundData()` and `decimals()`, as price feeds on Ethereum do.
///
/// An answer is taken only if it is above zero, of its own round, given at a time that has been, and
/// consistent with what the aggregator said before: rounds and their times never go back, one round has
/// one answer, and decimals do not change. A chain that was reorganised at its head contradicts itself
/// for good reason: a contradiction is said once, and what comes after is compared with the new state.
public final class EthereumAggregator: Sendable {
  /// Where the contract lies.
  public let address: EthereumAddress
  /// Who is asked.
  public let node: EthereumNode

  private let clockDifferenceSeconds: Double
  private let now: @Sendable () -> UTCTime
  private let seen = Mutex<AggregatorRound?>(nil)

  /// An aggregator. Nothing is asked yet.
  ///
  /// - Parameters:
  ///   - address: where the contract lies.
  ///   - node: who is asked.
  ///   - clockDifferenceSeconds: how far after the present a round may be updated because clocks
  ///     differ, in `Domain.clockDifferenceSeconds`.
  ///   - now: the present.
  /// - Throws: `NodeError.invalid`.
  public init(
    _ address: EthereumAddress, on node: EthereumNode, clockDifferenceSeconds: Double = 30,
    now: @escaping @Sendable () -> UTCTime = { .now }
  ) throws(NodeError) {
    do throws(DAMMError) {
      try Domain.check(
        clockDifferenceSeconds, "clock difference in seconds", in: Domain.clockDifferenceSeconds)
    } catch {
      throw .invalid(error)
    }
    self.address = address
    self.node = node
    self.clockDifferenceSeconds = clockDifferenceSeconds
    self.now = now
  }

  /// The newest round after a block. Decimals and round are asked of the same block, so that both come
  /// from one state.
  ///
  /// The chain is not checked here; see `EthereumNode.checkChain()`.
  ///
  /// - Parameter block: the number of the block.
  /// - Throws: `NodeError`.
  public func round(block: UInt64) async throws(NodeError) -> AggregatorRound {
    let decimals = try await decimals(block)
    let round = try await round(block, decimals: decimals)
    let last = seen.withLock { seen in
      defer { seen = round }
      return seen
    }
    if let last { try compare(round, with: last) }
    return round
  }

  private func decimals(_ block: UInt64) async throws(NodeError) -> Int {
    let word = try await node.call(
      "decimals()", selector: "0x313ce567", at: address, block: block, words: 1)
    let allowed = Domain.tokenDecimals
    guard let integer = try? ChainInteger(unsigned: word, bits: 255),
      let decimals = Int(integer.description), allowed.contains(decimals)
    else {
      let found = (try? ChainInteger(unsigned: word, bits: 255)).map { "\($0)" } ?? "too many"
      throw .decimals(address: address, found: found, allowed: allowed)
    }
    return decimals
  }

  /// `(uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)`
  private func round(
    _ block: UInt64, decimals: Int
  ) async throws(NodeError) -> AggregatorRound {
    let method = "latestRoundData()"
    let bytes = try await node.call(
      method, selector: "0xfeaf968c", at: address, block: block, words: 5)
    let (id, answer, updated, answeredIn): (ChainInteger, ChainInteger, ChainInteger, ChainInteger)
    do throws(ChainInteger.Refusal) {
      func word(_ place: Int) -> ArraySlice<UInt8> {
        bytes[place * ChainInteger.wordBytes..<(place + 1) * ChainInteger.wordBytes]
      }
      id = try ChainInteger(unsigned: word(0), bits: 80)
      answer = try ChainInteger(int256: word(1))
      updated = try ChainInteger(unsigned: word(3), bits: 255)
      answeredIn = try ChainInteger(unsigned: word(4), bits: 80)
    } catch {
      throw node.malformed(method, "an integer that is too large for its type")
    }
    guard updated.signum != 0 else { throw .neverUpdated(address: address, round: id) }
    let present = now()
    guard let seconds = Int64(updated.description),
      UTCTime(secondsSince1970: seconds).seconds(since: present) <= clockDifferenceSeconds
    else {
      throw .updatedInFuture(
        address: address, seconds: "\(updated)", now: present, allowed: clockDifferenceSeconds)
    }
    guard answeredIn >= id else {
      throw .answeredEarlier(address: address, round: id, answeredIn: answeredIn)
    }
    guard answer.signum > 0 else { throw .notPositive(address: address, answer: answer) }
    return AggregatorRound(
      id: id, answer: answer, decimals: decimals,
      value: answer.rounded(over: .powerOfTen(decimals)),
      updatedAt: UTCTime(secondsSince1970: seconds), block: block)
  }

  private func compare(
    _ round: AggregatorRound, with seen: AggregatorRound
  ) throws(NodeError) {
    func differ(_ what: String, _ found: String, _ before: String) throws(NodeError) {
      guard found == before else {
        throw .contradictory(address: address, what: what, found: found, seen: before)
      }
    }
    try differ("the number of decimals", "\(round.decimals)", "\(seen.decimals)")
    guard round.id >= seen.id, round.updatedAt >= seen.updatedAt else {
      throw .roundBackwards(address: address, round: round.id, seen: seen.id)
    }
    if round.id == seen.id {
      try differ("the answer of round \(round.id)", "\(round.answer)", "\(seen.answer)")
      try differ("the time of round \(round.id)", "\(round.updatedAt)", "\(seen.updatedAt)")
    }
  }
}
