import DAMMModel
import DAMMOracle
import TestSupport
import Testing

/// The guard against the rules as they are written, on random walks with jumps, repeats, late, early
/// and contradictory readings.
@Suite("Laws of the guard")
struct ReadingGuardLawTests {
  /// What the guard must answer, from the whole history instead of from two readings.
  private struct History {
    var accepted: [MarketReading] = []
    var held: MarketReading?

    mutating func answer(
      _ reading: MarketReading, now: UTCTime, limits: ReadingLimits
    ) -> String {
      let age = now.secondsSince1970 - reading.time.secondsSince1970
      if Double(age) > limits.ageSeconds { return "stale" }
      if Double(-age) > limits.clockDifferenceSeconds { return "future" }
      let seen = accepted + (held.map { [$0] } ?? [])
      if let newest = seen.max(by: { $0.time < $1.time }) {
        if reading.time < newest.time { return "backwards" }
        if reading.time == newest.time {
          let same =
            (reading.price, reading.impliedVolatility) == (newest.price, newest.impliedVolatility)
          return same ? (held == nil ? "accepted" : "held") : "contradictory"
        }
      }
      func near(_ other: MarketReading) -> Bool {
        ReadingGuard.deviations(from: other, to: reading) <= limits.jumpDeviations
      }
      let isConfirmed =
        held.map { held in
          near(held)
            && Double(now.secondsSince1970 - held.time.secondsSince1970) <= limits.ageSeconds
        } ?? false
      if accepted.isEmpty || near(accepted[accepted.count - 1]) || isConfirmed {
        accepted.append(reading)
        held = nil
        return "accepted"
      }
      held = reading
      return "held"
    }
  }

  @Test("the answers are those of the rules, and time and state follow", arguments: 0..<8)
  func rules(shard: UInt64) throws {
    let seed = RandomCurves.seed("guard", 100 + shard)
    var random = SplitMix64(seed: seed)
    var counts: [String: Int] = [:]
    for _ in 0..<RandomCurves.runs(40) {
      let limits = try ReadingLimits(
        ageSeconds: random.logUniform(60...7200), jumpDeviations: random.logUniform(0.5...8),
        clockDifferenceSeconds: random.oneIn(2) ? 0 : 30)
      var (door, history) = (ReadingGuard(limits: limits), History())
      var (seconds, price) = (ReadingGuardTests.start, random.logUniform(1e-3...1e5))
      var last: MarketReading?
      for _ in 0..<200 {
        seconds += Int64.random(in: 1...600, using: &random)
        price *= random.uniform(0.999...1.001) * (random.oneIn(12) ? random.uniform(0.5...2) : 1)
        let shift =
          random.oneIn(6)
          ? Int64.random(in: random.oneIn(2) ? 1...60 : -8000...0, using: &random) : 0
        var reading = try MarketReading(
          price: random.oneIn(15) ? price * random.uniform(0.3...3) : price,
          impliedVolatility: random.logUniform(0.1...3),
          time: UTCTime(secondsSince1970: seconds + shift), source: "walk")
        if let last, random.oneIn(6) {
          reading =
            random.oneIn(2)
            ? last
            : try MarketReading(
              price: last.price * 1.01, impliedVolatility: last.impliedVolatility,
              time: last.time, source: "contradiction")
        }
        last = reading
        let (before, now) = (door, UTCTime(secondsSince1970: seconds))
        let verdict = door.admit(reading, now: now)
        let word = ReadingGuardTests.word(verdict)
        counts[word, default: 0] += 1
        try #require(
          word == history.answer(reading, now: now, limits: limits), "seed \(seed)")
        try #require(door.accepted == history.accepted.last && door.held == history.held)
        // A refusal changes nothing; a reading that was taken or held never lies behind one that was.
        if case .refused = verdict { try #require(door == before, "seed \(seed)") }
        if let accepted = before.accepted, let after = door.accepted {
          try #require(after.time >= accepted.time, "seed \(seed)")
        }
        if let held = door.held, let accepted = door.accepted {
          try #require(held.time > accepted.time, "seed \(seed)")
        }
      }
    }
    // The generator is not vacuous.
    for word in ["accepted", "held", "stale", "future", "backwards", "contradictory"] {
      #expect(counts[word, default: 0] > 20, "\(word): \(counts), seed \(seed)")
    }
  }
}
