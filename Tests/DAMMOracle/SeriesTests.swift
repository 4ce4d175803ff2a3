import DAMMModel
import DAMMOracle
import TestSupport
import Testing

@Suite("Series of readings")
struct SeriesTests {
  private static func point(_ seconds: Int64, _ value: Double) -> TimeSeries.Point {
    TimeSeries.Point(time: UTCTime(secondsSince1970: seconds), value: value)
  }

  private static func series(_ points: [(Int64, Double)], _ name: String) throws -> TimeSeries {
    try TimeSeries(points.map { point($0, $1) }, name: name)
  }

  @Test("each price has the last volatility that was known by then, and not the next one")
  func join() throws {
    let joined = try JoinedReadings(
      prices: Self.series([(5, 1), (10, 2), (19, 3), (20, 4), (31, 5), (41, 6)], "p"),
      volatilities: Self.series([(10, 0.1), (20, 0.2), (100, 0.3)], "v"),
      volatilityAgeLimitSeconds: 20)
    #expect(joined.readings.map(\.price) == [2, 3, 4, 5])
    #expect(joined.readings.map(\.impliedVolatility) == [0.1, 0.1, 0.2, 0.2])
    #expect(joined.readings.map(\.time.secondsSince1970) == [10, 19, 20, 31])
    #expect(joined.pricesTooEarly == 1)
    #expect(joined.pricesWithOldVolatility == 1)
    #expect(joined.name == "p, v" && joined.readings.allSatisfy { $0.source == "p, v" })
  }

  @Test("a join has exactly what a search through everything finds", arguments: 0..<8)
  func joinIsSearch(shard: UInt64) throws {
    let seed = RandomCurves.seed("join", 40 + shard)
    var random = SplitMix64(seed: seed)
    var (made, none) = (0, 0)
    for _ in 0..<RandomCurves.runs(100) {
      func draw(_ name: String) throws -> TimeSeries {
        var seconds: Int64 = Int64.random(in: 0...50, using: &random)
        let points = (0..<Int.random(in: 1...30, using: &random)).map { _ in
          seconds += Int64.random(in: 1...40, using: &random)
          return Self.point(seconds, random.logUniform(0.1...10))
        }
        return try TimeSeries(points, name: name)
      }
      let (prices, volatilities) = (try draw("p"), try draw("v"))
      let limit = random.uniform(1...60)
      let expected = try prices.points.compactMap { price -> MarketReading? in
        let known = volatilities.points.filter { $0.time <= price.time }
        guard let last = known.max(by: { $0.time < $1.time }),
          price.time.seconds(since: last.time) <= limit
        else { return nil }
        return try MarketReading(
          price: price.value, impliedVolatility: last.value, time: price.time, source: "p, v")
      }
      let joined = try? JoinedReadings(
        prices: prices, volatilities: volatilities, volatilityAgeLimitSeconds: limit)
      try #require((joined?.readings ?? []) == expected, "seed \(seed)")
      guard let joined else {
        none += 1
        continue
      }
      made += 1
      try #require(
        joined.readings.count + joined.pricesTooEarly + joined.pricesWithOldVolatility
          == prices.points.count)
      // What is known at a moment does not depend on anything later.
      for _ in 0..<20 {
        let time = UTCTime(secondsSince1970: Int64.random(in: 0...1300, using: &random))
        let past = joined.readings.filter { $0.time <= time }
        try #require((try? joined.reading(at: time)) == past.last, "seed \(seed)")
        try #require(
          prices.point(at: time) == prices.points.filter { $0.time <= time }.last, "seed \(seed)")
      }
    }
    #expect(made > 20 && none > 2, "seed \(seed)")
  }

  @Test("what cannot be joined is named, with the counts")
  func noJoin() throws {
    let prices = try Self.series([(5, 1), (300, 2)], "p")
    #expect(
      throws: ReadingError.noVolatility(
        source: "p, v", prices: 2, tooEarly: 1, tooOld: 1, ageLimitSeconds: 60)
    ) {
      try JoinedReadings(
        prices: prices, volatilities: Self.series([(10, 0.5)], "v"), volatilityAgeLimitSeconds: 60)
    }
    #expect(
      throws: ReadingError.invalid(
        source: "p, v",
        error: .outOfRange(
          name: "implied volatility", value: -1, allowed: Domain.impliedVolatility))
    ) {
      try JoinedReadings(prices: prices, volatilities: Self.series([(1, -1)], "v"))
    }
    #expect(throws: ReadingError.self) {
      try JoinedReadings(prices: prices, volatilities: prices, volatilityAgeLimitSeconds: .nan)
    }
  }

  @Test("times must rise")
  func rising() throws {
    #expect(throws: ReadingError.empty(source: "p")) { try TimeSeries([], name: "p") }
    for second in [10, 9] as [Int64] {
      #expect(
        throws: ReadingError.timesNotRising(
          source: "p", time: UTCTime(secondsSince1970: second),
          previous: UTCTime(secondsSince1970: 10))
      ) { try Self.series([(10, 1), (second, 1)], "p") }
    }
    let (early, late) = (try Self.series([(1, 1), (2, 2)], "a"), try Self.series([(3, 3)], "b"))
    #expect(
      try TimeSeries(joining: [late, early], name: "all").points.map(\.value) == [1, 2, 3])
    #expect(throws: ReadingError.self) { try TimeSeries(joining: [early, early], name: "all") }
  }

  @Test("fixed readings: the last one, and the one at a time")
  func fixed() async throws {
    let readings = try [(0, 100.0), (60, 101)].map {
      try ReadingGuardTests.reading($1, at: $0)
    }
    let source = try FixedReadings(readings)
    #expect(try await source.latest() == readings[1])
    #expect(try source.reading(at: ReadingGuardTests.time(59)) == readings[0])
    #expect(try source.reading(at: ReadingGuardTests.time(60)) == readings[1])
    #expect(
      throws: ReadingError.noReading(
        source: "fixed", at: ReadingGuardTests.time(-1), earliest: ReadingGuardTests.time(0))
    ) { try source.reading(at: ReadingGuardTests.time(-1)) }
    #expect(throws: ReadingError.empty(source: "fixed")) { try FixedReadings([]) }
    #expect(throws: ReadingError.self) { try FixedReadings(readings.reversed()) }
    let one = try FixedReadings(
      price: 3000, impliedVolatility: 0.6, time: ReadingGuardTests.time(0), name: "by hand")
    #expect(try await one.latest().source == "by hand")
    #expect(
      throws: ReadingError.invalid(
        source: "fixed",
        error: .outOfRange(name: "price", value: 0, allowed: Domain.price))
    ) {
      try FixedReadings(price: 0, impliedVolatility: 1, time: ReadingGuardTests.time(0))
    }
  }

  @Test("a reading says which convention its sigma followed", arguments: SigmaConvention.allCases)
  func basis(convention: SigmaConvention) throws {
    let market = try ReadingGuardTests.reading(3000, at: 0, volatility: 0.8)
    let reading = try OracleReading(market, horizonDays: 7, convention: convention)
    let same = try OracleReading(
      price: 3000, impliedVolatility: 0.8, horizonDays: 7, convention: convention)
    #expect(reading == same)
    #expect(reading.basis?.convention == convention)
    #expect(reading.basis?.horizonDays == 7)
    #expect(reading.basis?.impliedVolatility == 0.8)
    #expect(try OracleReading(price: 3000, sigma: 30).basis == nil)
    #expect(try OracleReading(market, horizonDays: 7).basis?.convention == .proportional)
    #expect(throws: DAMMError.self) { try OracleReading(market, horizonDays: 0) }
  }

  @Test("times and values of a reading have domains")
  func domains() {
    for (price, volatility, seconds) in [
      (0, 0.5, 0), (.nan, 0.5, 0), (1, 0, 0), (1, .infinity, 0), (1, 0.5, -1),
      (1, 0.5, 253_402_300_800), (1, 0.5, .max), (1, 0.5, .min),
    ] as [(Double, Double, Int64)] {
      #expect(throws: DAMMError.self) {
        try MarketReading(
          price: price, impliedVolatility: volatility,
          time: UTCTime(secondsSince1970: seconds), source: "test")
      }
    }
  }
}
