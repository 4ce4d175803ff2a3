import DAMMFeeds
import DAMMModel
import DAMMOracle
import Foundation
import TestSupport
import Testing

/// Real market data, where it lies beside the checkout.
@Suite("Real market data")
struct MarketDataTests {
  private static func files(_ folder: String) throws -> [URL] {
    guard let folder = Files.shared(folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "csv" }.sorted { $0.path < $1.path }
  }

  /// Rows of a file without quotes, another way: split at line ends and commas.
  private static func rows(_ url: URL) throws -> [[String: Substring]] {
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    return lines.dropFirst().map { row in
      Dictionary(uniqueKeysWithValues: zip(lines[0].map(String.init), row))
    }
  }

  @Test("hours: every price and volatility, an hour after the row's time, never from the future")
  func hourly() throws {
    guard
      let candles = Files.shared("eth-hourly-2024/ETHUSDT_1h_2024-01-21_2024-06-30.csv"),
      let index = Files.shared("eth-hourly-2024/eth_dvol_1h_2024-03-21_2024-06-30.csv")
    else { return }
    let readings = try CSVReadings(prices: [candles], volatilities: [index])
    // Volatility begins two months after the prices; then each hour has both.
    #expect(readings.readings.count == 2448)
    #expect(readings.pricesWithoutVolatility == 3881 - 2448)
    var prices: [String: Double] = [:]
    for row in try Self.rows(candles) {
      prices[String(row["timestamp"]!.prefix(19))] = Double(row["close"]!)
    }
    var volatilities: [String: Double] = [:]
    for row in try Self.rows(index) {
      volatilities[String(row["timestamp"]!)] = Double(row["iv_dvol"]! + "e-2")
    }
    let wrong = readings.readings.filter { reading in
      let opened = UTCTime(secondsSince1970: reading.time.secondsSince1970 - 3600).description
      return reading.price != prices[opened] || reading.impliedVolatility != volatilities[opened]
    }
    #expect(wrong.isEmpty)
  }

  @Test("the last hour of a day has the close of that day: both are closes")
  func hoursAndDaysAgree() throws {
    guard let index = Files.shared("eth-hourly-2024/eth_dvol_1h_2024-03-21_2024-06-30.csv"),
      let daily = Files.shared("dvol-daily/eth_dvol_daily.csv")
    else { return }
    let hours = try TimeSeries(contentsOf: index, .volatility)
    let days = try TimeSeries(contentsOf: daily, .volatility)
    #expect(days.points.count == 1195)
    let shared = days.points.filter { hours.points[0].time <= $0.time }
    #expect(shared.count == 102)
    #expect(shared.filter { hours.point(at: $0.time) != $0 }.isEmpty)
  }

  @Test(
    "minutes of a pool with a volatility a day: prices of ticks, a day's close not before its end")
  func minutes() throws {
    guard let daily = Files.shared("dvol-daily/eth_dvol_daily.csv") else { return }
    let files = try Self.files("eth-pool-minute-2022")
    #expect(files.count == 23)
    let readings = try CSVReadings(prices: files.shuffled(), volatilities: [daily])
    let rows = try files.flatMap(Self.rows)
    #expect(readings.readings.count == rows.count && rows.count > 33_000)
    #expect(readings.pricesWithoutVolatility == 0)
    var closes: [String: Double] = [:]
    for row in try Self.rows(daily) { closes[String(row["date"]!)] = Double(row["close"]! + "e-2") }
    // A few ulp in an exponential of a number near 20 bound a price to this.
    let slack = 100 * Tolerance.chainPrice.relative
    let wrong = zip(readings.readings, rows).filter { reading, row in
      let close = UTCTime(iso8601: String(row["timestamp"]!))!.secondsSince1970 + 60
      let price = 1e12 * exp(-Double(row["closeTick"]!)! * log1p(1e-4))
      // The day before the one in which the minute ends is the last that is closed.
      let day = UTCTime(secondsSince1970: (close / 86_400 - 1) * 86_400)
      return reading.time.secondsSince1970 != close
        || abs(reading.price / price - 1) > slack
        || reading.impliedVolatility != closes[String("\(day)".prefix(10))]
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(2))")
  }

  @Test("a guard takes real readings but for a few jumps, and those are confirmed by the next")
  func guarded() throws {
    guard let daily = Files.shared("dvol-daily/eth_dvol_daily.csv") else { return }
    let readings = try CSVReadings(
      prices: Self.files("eth-pool-minute-2022"), volatilities: [daily]
    ).readings
    var door = ReadingGuard(limits: try ReadingLimits(ageSeconds: 60))
    var (held, accepted, longest, run) = (0, 0, 0, 0)
    for reading in readings {
      switch door.admit(reading, now: reading.time) {
      case .accepted:
        accepted += 1
        run = 0
      case .held:
        held += 1
        run += 1
        longest = max(longest, run)
      case .refused(let refusal): Issue.record("\(refusal)")
      }
    }
    #expect(accepted + held == readings.count)
    #expect(held > 0 && held < readings.count / 1000, "\(held) of \(readings.count) were held")
    #expect(longest <= 2, "\(longest) in a row")
  }
}
