import DAMMFeeds
import DAMMModel
import DAMMOracle
import Foundation
import TestSupport
import Testing

@Suite("Series from files")
struct CSVSeriesTests {
  static func series(
    _ text: String, _ quantity: SeriesFormat.Quantity = .price, _ format: SeriesFormat? = nil
  ) throws -> TimeSeries {
    try TimeSeries(csv: text, quantity, format: format, name: "file.csv")
  }

  static func refusal(
    _ text: String, _ quantity: SeriesFormat.Quantity = .price, _ format: SeriesFormat? = nil
  ) -> TableError? {
    do {
      _ = try series(text, quantity, format)
      return nil
    } catch {
      return error as? TableError
    }
  }

  static func times(_ series: TimeSeries) -> [String] { series.points.map { "\($0.time)" } }

  @Test("a close is known at the end of its interval")
  func closes() throws {
    let candles = try Self.series(
      """
      timestamp,open,high,low,close,volume
      2024-01-21 07:00:00+00:00,1,2,3,2476.06,5
      2024-01-21 08:00:00+00:00,1,2,3,2474.2,5

      """)
    #expect(Self.times(candles) == ["2024-01-21 08:00:00", "2024-01-21 09:00:00"])
    #expect(candles.points.map(\.value) == [2476.06, 2474.2])

    let hours = try Self.series(
      ",timestamp,iv_uniswap,iv_dvol\n24,2024-03-21 00:00:00,106,77.5\n"
        + "25,2024-03-21 01:00:00,106,77.5\n", .volatility)
    #expect(Self.times(hours) == ["2024-03-21 01:00:00", "2024-03-21 02:00:00"])
    #expect(hours.points[0].value == 0.775)

    let forms = ",timestamp,iv_dvol\n0,2024-03-21 00:00:00,7.31e+1\n1,2024-03-21 01:00:00,58.31\n"
    #expect(try Self.series(forms, .volatility).points.map(\.value) == [0.731, 0.5831])
    for bad in ["1e", "1e1e1", "1e9223372036854775808", "e1", "1ee1"] {
      #expect(
        Self.refusal("timestamp,iv_dvol\n2024-03-21 00:00:00,\(bad)\n", .volatility)
          == .notANumber(line: 2, column: "iv_dvol", value: bad))
    }
    #expect(
      Self.refusal("timestamp,iv_dvol\n2024-03-21,1e-9223372036854775808\n", .volatility) != nil)

    let days = try Self.series(
      """
      date,symbol,open,high,low,close
      2024-03-01,ETH,1,2,3,57.5
      2024-02-29,ETH,1,2,3,60

      """, .volatility)
    #expect(Self.times(days) == ["2024-03-01 00:00:00", "2024-03-02 00:00:00"])
    #expect(days.points.map(\.value) == [0.6, 0.575])

    let minutes = try Self.series(
      "timestamp,netAmount1,closeTick\n2022-07-19 00:00:00,19253165598944715626000,202693\n"
        + "2022-07-19 00:01:00,1,202693\n")
    #expect(Self.times(minutes) == ["2022-07-19 00:01:00", "2022-07-19 00:02:00"])
    // By Python: float(Fraction(10)**12 / Fraction(10001, 10000)**202693)
    #expect(minutes.points[0].value == 1576.1406531675555)
  }

  @Test("plain files hold what was known when, and times in several forms")
  func plain() throws {
    let text = """
      volatility,time,price
      0.5,2024-01-01T00:00:00Z,3000
      6e-1,2024-01-01 00:00:01,3.1e3
      +.7,2024-01-02,2999.5
      """
    let prices = try Self.series(text)
    #expect(
      Self.times(prices) == ["2024-01-01 00:00:00", "2024-01-01 00:00:01", "2024-01-02 00:00:00"])
    #expect(prices.points.map(\.value) == [3000, 3100, 2999.5])
    #expect(try Self.series(text, .volatility).points.map(\.value) == [0.5, 0.6, 0.7])
  }

  @Test("bad rows are named by their line")
  func rows() {
    func row(_ time: String, _ price: String) -> String {
      "time,price\n2024-01-01,1\n\(time),\(price)\n2024-01-09,1\n"
    }
    for value in ["", "nan", "inf", "0x10", "1,5", "1 ", "1e", "--1", "1\u{0}", "１", "e5", "."] {
      let quoted = value.contains(",") ? "\"\(value)\"" : value
      #expect(
        Self.refusal(row("2024-01-02", quoted))
          == .notANumber(line: 3, column: "price", value: value), "\(value)")
    }
    for value in ["0", "-1", "1e31", "1e999", "1e-31"] {
      #expect(
        Self.refusal(row("2024-01-02", value))
          == .outOfRange(
            line: 3, column: "price", value: value, allowed: "a number from 1e-30 to 1e+30"))
    }
    for time in [
      "", "yesterday", "2024-01-02T00:00:00+01:00", "2024-02-30", "1704153600", "2024-01-02 00:00",
      "2024-01-02 00:00:00ZZ",
    ] {
      #expect(
        Self.refusal(row(time, "1"))
          == .badTime(line: 3, column: "time", value: time, allowed: UTCTime.iso8601Forms))
    }
    #expect(
      Self.refusal(row("2024-01-02", "1,2")) == .wrongFieldCount(line: 3, found: 3, expected: 2))
    #expect(
      Self.refusal("date,open,high,low,close\n2024-01-01,1,1,1,0\n", .volatility)
        == .outOfRange(
          line: 2, column: "close", value: "0",
          allowed: "a number whose hundredth is from 1e-06 to 100.0"))
    for tick in ["887273", "-887273"] {
      #expect(
        Self.refusal("timestamp,closeTick\n2024-01-01,\(tick)\n")
          == .outOfRange(
            line: 2, column: "closeTick", value: tick, allowed: "from -887272 to 887272"))
    }
    #expect(
      Self.refusal("timestamp,closeTick\n2024-01-01,\n")
        == .notAnInteger(line: 2, column: "closeTick", value: ""))
  }

  @Test("times rise or fall, and never mix or repeat")
  func order() throws {
    let falling = "time,price\n2024-01-03,3\n2024-01-02,2\n2024-01-01,1\n"
    #expect(try Self.series(falling).points.map(\.value) == [1, 2, 3])
    for (last, line) in [("2024-01-02", 4), ("2024-01-03", 4), ("2024-01-01", 4)] {
      #expect(
        Self.refusal("time,price\n2024-01-02,1\n2024-01-03,1\n\(last),1\n")
          == .timesMixed(
            line: line, column: "time", value: last, previous: "2024-01-03 00:00:00"))
    }
    #expect(
      Self.refusal("time,price\n2024-01-02,1\n2024-01-02,1\n")
        == .timesMixed(
          line: 3, column: "time", value: "2024-01-02", previous: "2024-01-02 00:00:00"))
  }

  @Test("intervals of another length than the format says are not believed")
  func spacing() throws {
    let header = "timestamp,open,high,low,close\n"
    let days = header + "2024-01-01,1,1,1,1\n2024-01-02,1,1,1,1\n"
    #expect(
      Self.refusal(days)
        == .wrongSpacing(line: 3, column: "timestamp", seconds: 86400, expected: 3600))
    // a day in a file of its own may not pass for an hour
    #expect(
      Self.refusal(header + "2024-01-01 00:00:00,1,1,1,2000\n")
        == .oneRow(line: 2, column: "timestamp", expected: 3600))
    #expect(
      Self.refusal(header + "2024-01-01 00:00:00,1,1,1,1\n2024-01-01 00:15:00,1,1,1,1\n")
        == .wrongSpacing(line: 3, column: "timestamp", seconds: 900, expected: 3600))
    // A missing hour is none.
    let gap =
      header
      + "2024-01-01 00:00:00,1,1,1,1\n2024-01-01 05:00:00,1,1,1,1\n2024-01-01 06:00:00,1,1,1,1\n"
    #expect(try Self.series(gap).points.count == 3)
    let format = try SeriesFormat(
      name: "daily candles", quantity: .price, timeColumn: "timestamp", valueColumn: "close",
      intervalSeconds: 86_400)
    #expect(Self.times(try Self.series(days, .price, format)).last == "2024-01-03 00:00:00")
  }

  @Test("headers and files that are not known")
  func files() throws {
    guard
      case .unknownFormat(let found, let allowed) = Self.refusal("time,volatility\n2024-01-01,1\n")
    else {
      Issue.record("a file of volatilities holds no prices")
      return
    }
    #expect(found == ["time", "volatility"])
    #expect(allowed.contains("time,price"))
    #expect(Self.refusal("") == .empty)
    #expect(Self.refusal("time,price\n") == .noRows)
    #expect(Self.refusal("time,price,time\n2024-01-01,1,2\n") == .repeatedColumn(name: "time"))
    let errors: [TableError] = [
      .noRows, .unknownFormat(found: ["a\nb"], allowed: ["x,y"]),
      .notANumber(line: 1, column: "a", value: String(repeating: "7", count: 9999)),
      .timesMixed(line: 1, column: "a", value: "b", previous: "c"),
      .wrongSpacing(line: 1, column: "a", seconds: 1, expected: 2),
    ]
    for error in errors {
      #expect(error.description.hasSuffix(".") && !error.description.contains("\n"))
      #expect(error.description.count < 500)
    }
    for make in [
      {
        try SeriesFormat(
          name: "a", quantity: .price, timeColumn: "t", valueColumn: "v", intervalSeconds: -1)
      },
      {
        try SeriesFormat(
          name: "a", quantity: .price, timeColumn: "t", valueColumn: "v",
          unit: .tick(decimals0: 37, decimals1: 0))
      },
    ] as [@Sendable () throws -> SeriesFormat] {
      #expect(throws: DAMMError.self) { try make() }
    }
  }

  @Test("readings of files: joined, with one volatility, and both in one file")
  func readings() async throws {
    try await TemporaryFolder.with { folder in
      func write(_ name: String, _ text: String) throws -> URL {
        let url = folder.appending(path: name)
        try Data(text.utf8).write(to: url)
        return url
      }
      let first = try write("one.csv", "time,price\n2024-01-01,1\n2024-01-02,2\n")
      let second = try write("two.csv", "time,price\n2024-01-03,3\n")
      let volatility = try write("iv.csv", "time,volatility\n2024-01-01 12:00:00,0.5\n")
      let joined = try CSVReadings(prices: [second, first], volatilities: [volatility])
      #expect(joined.readings.map(\.price) == [2, 3])
      #expect(joined.pricesWithoutVolatility == 1)
      #expect(joined.name == "two.csv, one.csv, iv.csv")
      let fixed = try CSVReadings(prices: [first], impliedVolatility: 0.7)
      #expect(fixed.readings.map(\.impliedVolatility) == [0.7, 0.7])
      #expect(try await fixed.latest().price == 2)
      let both = try write(
        "both.csv", "time,price,volatility\n2024-01-01,1,0.5\n2024-01-02,2,0.6\n")
      let one = try CSVReadings(contentsOf: both)
      #expect(one.readings.map(\.impliedVolatility) == [0.5, 0.6])
      #expect(one.name == "both.csv")
      let bad = try write("bad.csv", "time,price\n2024-01-01,x\n")
      #expect(
        throws: ReadingError.refused(
          source: "bad.csv",
          reason: "line 2: price is \"x\", but it must be a number in decimal digits.")
      ) { try CSVReadings(prices: [first, bad], impliedVolatility: 0.7) }
      #expect(throws: ReadingError.self) {
        try CSVReadings(prices: [first, first], impliedVolatility: 1)
      }
      #expect(throws: ReadingError.self) { try CSVReadings(prices: [], impliedVolatility: 1) }
      #expect(throws: ReadingError.self) {
        try CSVReadings(prices: [first], impliedVolatility: .nan)
      }
    }
  }
}
