import DAMMFeeds
import DAMMModel
import Foundation
import TestSupport
import Testing

/// Real market data, where it lies beside the checkout, as flow.
@Suite("Real flow") struct RealFlowTests {
  /// The cells of a file without quotes, another way: split at line ends and commas.
  private static func cells(_ url: URL) throws -> [[String: Substring]] {
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    return lines.dropFirst().map { row in
      Dictionary(uniqueKeysWithValues: zip(lines[0].map(String.init), row))
    }
  }

  private static func files(_ folder: URL) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "csv" }.sorted { $0.path < $1.path }
  }

  @Test("three weeks of minutes: no bad row, every digit, the missing minutes are the known ones")
  func minutes() throws {
    guard let folder = Files.shared("eth-pool-minute-2022") else { return }
    let (events, reports) = try FlowTests.all([[folder]], badRowLimit: 0)
    let rows = try Self.files(folder).flatMap(Self.cells)
    #expect(events.count == rows.count && rows.count == 33_117)
    let wrong = zip(events, rows).filter { event, row in
      guard case .minute(let minute) = event.kind else { return true }
      return "\(minute.begin)" != row["timestamp"]!
        || minute.netAmount0.description != row["netAmount0"]!
        || minute.netAmount1.description != row["netAmount1"]!
        || minute.inAmount0.description != row["inAmount0"]!
        || minute.inAmount1.description != row["inAmount1"]!
        || minute.closeTick != Int(row["closeTick"]!)!
        || minute.liquidity.description != row["currentLiquidity"]!
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(1))")
    let report = reports[0]
    #expect(report.files.count == 23 && report.files.allSatisfy { $0.badRows.count == 0 })
    // all minutes from the first to the last, less those that are there
    #expect(report.missingIntervals == 23 * 1440 - rows.count)
    #expect(report.gapCount == 3)
    print("missing minutes:", report.gaps)
  }

  @Test("two days of events: no bad row, every event with its amounts")
  func events() throws {
    guard let folder = Files.shared("eth-pool-swaps") else { return }
    for url in try Self.files(folder) {
      let (events, reports) = try FlowTests.all([[url]], badRowLimit: 0)
      let rows = try Self.cells(url)
      let kept = rows.filter { ["SWAP", "MINT", "BURN"].contains($0["tx_type"]!) }
      #expect(events.count == kept.count)
      #expect(
        reports[0].files[0].others == ["COLLECT": rows.count { $0["tx_type"]! == "COLLECT" }])
      let wrong = zip(events, kept).filter { event, row in
        guard "\(event.time)" == row["block_timestamp"]! else { return true }
        switch event.kind {
        case .swap(let swap):
          return row["tx_type"]! != "SWAP" || swap.amount0.description != row["amount0"]!
            || swap.amount1.description != row["amount1"]!
            || swap.sqrtPriceX96.description != row["sqrtPriceX96"]!
            || swap.liquidity?.description != row["total_liquidity"].map(String.init)
        case .mint(let change), .burn(let change):
          let kind = if case .mint = event.kind { "MINT" } else { "BURN" }
          return row["tx_type"]! != kind || change.amount0.description != row["amount0"]!
            || change.amount1.description != row["amount1"]!
            || change.liquidity.description != row["liquidity"]!
            || "\(change.ticks.lowerBound).0" != row["tick_lower"]!
            || "\(change.ticks.upperBound).0" != row["tick_upper"]!
            || change.position.map { $0 + ".0" } ?? "" != row["position_id"]!
        default: return true
        }
      }
      #expect(wrong.isEmpty, "\(wrong.prefix(1))")
    }
  }

  @Test("hours and days: no bad row, newest first is sorted, percent becomes a decimal")
  func hoursAndDays() throws {
    guard let hourly = Files.shared("eth-hourly-2024"), let daily = Files.shared("dvol-daily")
    else { return }
    for url in try Self.files(hourly) + Self.files(daily) {
      let (events, reports) = try FlowTests.all([[url]], badRowLimit: 0)
      let rows = try Self.cells(url)
      #expect(events.count == rows.count && reports[0].gapCount == 0)
      let isFalling = url.lastPathComponent.contains("daily")
      let wrong = zip(events, isFalling ? rows.reversed() : rows).filter { event, row in
        switch event.kind {
        case .volatility(let value):
          return value != Double((row["iv_dvol"] ?? row["close"]!) + "e-2")
        case .candle(let candle):
          return candle.close != Double(row["close"]!) || candle.volumeB != Double(row["volume"]!)
        default: return true
        }
      }
      #expect(wrong.isEmpty, "\(url.lastPathComponent): \(wrong.prefix(1))")
    }
  }
}
