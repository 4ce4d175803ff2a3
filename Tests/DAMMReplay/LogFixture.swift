import DAMMFeeds
import DAMMModel
import DAMMReplay
import Foundation
import TestSupport
import Testing

/// A small log written to a temporary folder, of the same format as a real one; its rows are made up.
struct LogFixture {
  static let columns = [
    "block_number", "block_timestamp", "tx_type", "transaction_hash", "amount0", "amount1",
    "sqrtPriceX96", "current_tick", "liquidity",
  ]

  /// A row by its column names; what is not named is empty.
  typealias Row = [String: String]

  /// A swap at a price of about 2500: `2^96 / sqrt(2500 / 10^12)` is `2^96 * 20000`.
  static func swap(
    _ amount0: String = "2500000000", _ amount1: String = "-1000000000000000000",
    time: String = "2024-02-29 12:00:00", root: String = "1584563250285286751870879006720000",
    tick: String = "198079.0"
  ) -> Row {
    [
      "block_timestamp": time, "tx_type": "SWAP", "amount0": amount0, "amount1": amount1,
      "sqrtPriceX96": root, "current_tick": tick,
    ]
  }

  static func event(_ kind: String, time: String = "2024-02-29 12:00:00") -> Row {
    ["block_timestamp": time, "tx_type": kind, "amount0": "not read", "liquidity": "1"]
  }

  static func text(
    _ rows: [Row], columns: [String] = columns, lineEnd: String = "\n", closed: Bool = true
  ) -> String {
    let lines = [columns] + rows.map { row in columns.map { row[$0] ?? "" } }
    return lines.map { $0.joined(separator: ",") }.joined(separator: lineEnd)
      + (closed ? lineEnd : "")
  }

  /// Writes bytes to a file, reads it as a log, and removes it.
  static func read(_ data: Data) throws -> SwapLog {
    let folder = FileManager.default.temporaryDirectory.appending(path: "damm-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appending(path: "log.csv")
    try data.write(to: url)
    return try SwapLog(contentsOf: url)
  }

  static func read(_ text: String) throws -> SwapLog { try read(Data(text.utf8)) }

  /// What reading a text is refused with.
  static func refusal(_ text: String) -> TableError? {
    do {
      _ = try read(text)
      return nil
    } catch {
      return (error as? FlowError)?.problem
    }
  }

  /// The demo log that ships with the project.
  static let demo = Files.root.appending(path: "data/demo/pool-day.csv")

  /// The real logs, where they are.
  static var real: [URL] {
    guard let folder = Files.shared("eth-pool-swaps") else { return [] }
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return (files ?? []).filter { $0.pathExtension == "csv" }.sorted { $0.path < $1.path }
  }

  /// The demo log and the real ones, each read once for all tests.
  static let logs: [URL: SwapLog] = Dictionary(
    uniqueKeysWithValues: ([demo] + real).compactMap { url in
      guard let log = try? SwapLog(contentsOf: url) else { return nil }
      return (url, log)
    })

  /// A log of `logs`; one that could not be read is read again, for its error.
  static func log(_ url: URL) throws -> SwapLog { try logs[url] ?? SwapLog(contentsOf: url) }
}

/// All of a log in memory, as the stream of its events told it; the first bad row is an error.
struct SwapLog: Equatable {
  var swaps: [PoolSwap] = []
  /// How many rows of each other kind there are.
  var otherEvents: [String: Int] = [:]
  /// How many swaps moved nothing at all and were skipped.
  var emptySwaps: Int

  init(contentsOf url: URL) throws {
    let stream = try FlowStream([[url]], badRowLimit: 0)
    while let event = try stream.next() {
      switch event.kind {
      case .swap(let swap): swaps.append(swap)
      case .mint: otherEvents["MINT", default: 0] += 1
      case .burn: otherEvents["BURN", default: 0] += 1
      default: Issue.record("a log has no \(event.kind)")
      }
    }
    let others = stream.reports[0].files[0].others
    emptySwaps = others["swaps of nothing"] ?? 0
    otherEvents.merge(others.filter { $0.key != "swaps of nothing" }) { $0 + $1 }
  }

  var rows: Int { swaps.count + emptySwaps + otherEvents.values.reduce(0, +) }
}
