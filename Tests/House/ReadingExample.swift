import Testing

// The lines between the two markers are the example of docs/readings.md, word for word.
// example
import DAMM
import DAMMFeeds

/// Asks a source once and says what a pool should do with the answer.
func advice(_ source: some ReadingSource, _ door: inout ReadingGuard, now: UTCTime) async -> String
{
  do {
    switch door.admit(try await source.latest(), now: now) {
    case .accepted(let market):
      let reading = try OracleReading(market, horizonDays: 7)
      return "reform at \(reading.price), s = \(reading.relativeSigma), "
        + (reading.basis?.convention.rawValue ?? "")
    case .held(let market, let deviations):
      return "wait: \(market.price) is \(deviations) deviations away"
    case .refused(let refusal): return "keep the curve: \(refusal)"
    }
  } catch { return "keep the curve: \(error)" }
}

/// A node whose address, with its key, comes from the environment; a volatility fixed by hand.
func nodeSource(url: String) throws -> EthereumReadings {
  try EthereumReadings(
    node: EthereumNode(url, chainID: 1),
    aggregator: EthereumAddress("0x5f4ec3df9cbd43714fe2740f5e3616155c5b8419"),
    volatility: .fixed(0.65))
}
// end

@Suite struct ReadingExample {
  @Test func runs() async throws {
    let time = try #require(UTCTime("2024-01-02 00:00:00"))
    func source(_ price: Double, _ after: Int64) throws -> FixedReadings {
      try FixedReadings(
        price: price, impliedVolatility: 0.8,
        time: UTCTime(secondsSince1970: time.secondsSince1970 + after))
    }
    var door = ReadingGuard(limits: try ReadingLimits())
    let first = try await advice(source(3000, 0), &door, now: time)
    #expect(first.hasPrefix("reform at 3000.0, s = 0.11") && first.hasSuffix("proportional"))
    let later = UTCTime(secondsSince1970: time.secondsSince1970 + 60)
    #expect(try await advice(source(4000, 60), &door, now: later).hasPrefix("wait: 4000.0 is "))
    #expect(
      try await advice(source(3000, -9000), &door, now: later)
        == "keep the curve: the reading of 2024-01-01 21:30:00 is 9060.0 s old, "
        + "but it must be at most 5400.0 s old.")
    #expect(
      try nodeSource(url: "https://node.example/v2/key").name.hasPrefix("https://node.example,"))
  }
}
