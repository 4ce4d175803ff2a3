import DAMMFeeds
import DAMMModel
import Foundation
import TestSupport
import Testing

/// Files of a replay as one stream of events.
@Suite("Flow") struct FlowTests {
  static func all(
    _ tracks: [[URL]], badRowLimit: Int = BadRows.defaultLimit
  ) throws -> (events: [FlowEvent], reports: [FlowReport]) {
    let stream = try FlowStream(tracks, badRowLimit: badRowLimit)
    var events: [FlowEvent] = []
    while let event = try stream.next() { events.append(event) }
    return (events, stream.reports)
  }

  static func demo(_ name: String) -> URL { Files.root.appending(path: "data/demo/\(name)") }

  /// Writes texts into a folder and reads them as one track each, by their names.
  static func read(
    _ texts: [String], badRowLimit: Int = 0
  ) async throws -> (events: [FlowEvent], reports: [FlowReport]) {
    try await TemporaryFolder.with { folder in
      try all(
        try texts.enumerated().map { index, text in
          let url = folder.appending(path: "\(index).csv")
          try Data(text.utf8).write(to: url)
          return [url]
        }, badRowLimit: badRowLimit)
    }
  }

  static func problem(_ texts: String..., badRowLimit: Int = 0) async -> TableError? {
    do {
      _ = try await read(texts, badRowLimit: badRowLimit)
      return nil
    } catch {
      return (error as? FlowError)?.problem
    }
  }

  @Test(
    "every example that ships reads without a bad row",
    arguments: [
      ("pool-minutes.csv", FlowFormat.poolMinutes, 118), ("candles.csv", .hourlyCandles, 48),
      ("volatility-hourly.csv", .hourlyVolatility, 48),
      ("volatility-daily.csv", .dailyVolatility, 30), ("prices.csv", .prices, 97),
      ("volatilities.csv", .volatilities, 12), ("order-flow.csv", .orders, 40),
      ("pool-day.csv", .poolEvents, 2005), ("readings.csv", .prices, 7),
    ])
  func examples(name: String, format: FlowFormat, count: Int) throws {
    let (events, reports) = try Self.all([[Self.demo(name)]], badRowLimit: 0)
    #expect(reports[0].format == format)
    #expect(events.count == count && reports[0].files[0].events == count)
    #expect(zip(events, events.dropFirst()).allSatisfy { $0.time <= $1.time })
    let page = try String(
      contentsOf: Files.root.appending(path: "docs/data.md"), encoding: .utf8)
    #expect(page.contains("data/demo/\(name)"))
    for column in format.columns { #expect(page.contains("`\(column)`"), "\(column)") }
  }

  @Test("minutes: exact amounts, known when the minute ends, gaps counted and not filled")
  func minutes() throws {
    let (events, reports) = try Self.all([[Self.demo("pool-minutes.csv")]])
    guard case .minute(let minute) = events[0].kind else {
      Issue.record("the first event is no minute")
      return
    }
    #expect(events[0].time == UTCTime("2024-03-01 00:01:00") && events[0].line == 2)
    #expect(minute.begin == UTCTime("2024-03-01 00:00:00"))
    #expect(minute.netAmount1.description == "36723895994068714354")
    #expect(minute.inAmount0 == ChainInteger(3_362_103_154) && minute.closeTick == 198_066)
    #expect(reports[0].gapCount == 1 && reports[0].missingIntervals == 2)
    #expect(
      reports[0].gaps == [.init(after: UTCTime("2024-03-01 00:39:00")!, missing: 2)])
  }

  @Test("a pool's events: swaps, mints and burns in the order of the chain, the rest counted")
  func events() throws {
    let (events, reports) = try Self.all([[Self.demo("pool-day.csv")]])
    var (swaps, mints, burns) = (0, 0, 0)
    for event in events {
      switch event.kind {
      case .swap(let swap):
        swaps += 1
        #expect(swap.liquidity != nil && swap.time == event.time && swap.line == event.line)
      case .mint(let change), .burn(let change):
        if case .mint = event.kind { mints += 1 } else { burns += 1 }
        #expect(!change.ticks.isEmpty && change.liquidity.signum > 0)
      default: Issue.record("\(event)")
      }
    }
    #expect((swaps, mints, burns) == (2000, 3, 2))
    #expect(reports[0].files[0].others == ["COLLECT": 1])
  }

  @Test("tracks become one stream in time; what is known at a moment comes in their order")
  func merged() throws {
    let names = ["volatility-hourly.csv", "candles.csv", "order-flow.csv"]
    let (events, reports) = try Self.all(names.map { [Self.demo($0)] })
    #expect(events.count == 48 + 48 + 40 && reports.map { $0.files[0].events } == [48, 48, 40])
    #expect(zip(events, events.dropFirst()).allSatisfy { $0.time <= $1.time })
    var volatilities = 0
    for event in events {
      if case .volatility = event.kind { volatilities += 1 }
      // the hour's volatility stands before its candle
      if case .candle(let candle) = event.kind {
        let hours = event.time.secondsSince1970 - events[0].time.secondsSince1970
        #expect(Int64(volatilities) == hours / 3600 + 1 && candle.high >= candle.low)
      }
    }
    // the other order of tracks
    let (others, _) = try Self.all([[Self.demo(names[1])], [Self.demo(names[0])]])
    guard case .candle = others[0].kind, case .volatility = others[1].kind else {
      Issue.record("candles should come first")
      return
    }
  }

  @Test("volatilities may stand newest first; they come oldest first, percent as decimals")
  func newestFirst() throws {
    let (events, _) = try Self.all([[Self.demo("volatility-daily.csv")]])
    #expect(events.last?.time == UTCTime("2024-03-11 00:00:00"))
    #expect(events.last?.kind == .volatility(0.6969))
    #expect(events.last?.line == 2 && events.first?.line == 31)
  }

  @Test("a list of files is one track, a folder is its files by name, compressed or not")
  func files() async throws {
    let header = "time,price\n"
    try await TemporaryFolder.with { folder in
      let parts = ["2024-01-01,1\n2024-01-02,2\n", "2024-01-03,3\n", "2024-01-04,4\n"]
      for (index, part) in parts.enumerated() {
        let bytes = Array((header + part).utf8)
        // the name does not tell
        let name = ["a.csv", "b.csv.gz", "c.csv"][index]
        try Data(index > 0 ? Gzip.member(bytes) : bytes).write(to: folder.appending(path: name))
      }
      try Data("not a table".utf8).write(to: folder.appending(path: "README.md"))
      let (events, reports) = try Self.all([[folder]], badRowLimit: 0)
      #expect(events.map(\.line) == [2, 3, 2, 2])
      #expect(reports[0].files.map(\.name) == ["a.csv", "b.csv.gz", "c.csv"])
      let (a, b) = (folder.appending(path: "a.csv"), folder.appending(path: "b.csv.gz"))
      #expect(
        throws: FlowError(
          file: "a.csv",
          problem: .timeBackwards(
            line: 2, column: "time", value: "2024-01-01", previous: "2024-01-03 00:00:00"))
      ) { try Self.all([[b, a]], badRowLimit: 0) }
      try Data("time,volatility\n2024-01-09,1\n".utf8).write(to: folder.appending(path: "d.csv"))
      #expect {
        try Self.all([[folder]])
      } throws: { error in
        guard let error = error as? FlowError, case .unknownFormat = error.problem else {
          return false
        }
        return error.file == "d.csv"
      }
    }
    #expect(throws: FlowError.self) { try FlowStream([[]]) }
    #expect(throws: FlowError.self) {
      try Self.all([[URL(filePath: "/no/such/file.csv")]])
    }
  }

  @Test("what is wrong with a row is said with its line, and left out where that is allowed")
  func refusals() async throws {
    let minutes = FlowFormat.poolMinutes.columns.joined(separator: ",") + "\n"
    let first = "2024-01-01 00:00:00,1,-1,1,0,100,5\n"
    for (row, column) in [
      ("2024-01-01 00:01:00,1,-1,0,0,100,5\n", "inAmount0"),
      ("2024-01-01 00:01:00,-1,1,0,-1,100,5\n", "inAmount1"),
      ("2024-01-01 00:01:00,1,-1,1,0,900000,5\n", "closeTick"),
      ("2024-01-01 00:01:00,1,-1,1,0,100,-5\n", "currentLiquidity"),
      ("2024-01-01 00:01:30,1,-1,1,0,100,5\n", "timestamp"),
    ] {
      guard case .outOfRange(line: 3, let found, _, _) = await Self.problem(minutes + first + row)
      else {
        Issue.record("\(row) was read")
        continue
      }
      #expect(found == column)
      let good = "2024-01-01 00:01:00,1,-1,1,0,100,5\n"
      let read = try await Self.read([minutes + first + row + good], badRowLimit: 1)
      #expect(read.events.count == 2 && read.reports[0].files[0].badRows.count == 1)
    }
    #expect(
      await Self.problem(minutes + first + first)
        == .timeBackwards(
          line: 3, column: "timestamp", value: "2024-01-01 00:00:00",
          previous: "2024-01-01 00:01:00"))
    #expect(
      await Self.problem(minutes + first)
        == .oneRow(line: 2, column: "timestamp", expected: 60))
    #expect(
      await Self.problem(minutes + first + "2024-01-01 00:02:00,1,-1,1,0,100,5\n")
        == .wrongSpacing(line: 3, column: "timestamp", seconds: 120, expected: 60))
    #expect(await Self.problem(minutes) == .noRows)
    let candles = "timestamp,open,high,low,close\n"
    for row in ["2024-01-01,2,1,1,1\n", "2024-01-01,2,3,2.5,3\n", "2024-01-01,0,3,0,3\n"] {
      guard case .outOfRange(line: 2, _, _, _) = await Self.problem(candles + row) else {
        Issue.record("\(row) was read")
        continue
      }
    }
    let orders = "time,side,kind,value,limit\n"
    for row in ["hold,amount,1,", "buy,all,1,", "buy,amount,0,", "sell,amount,1,-1"] {
      guard
        case .outOfRange(line: 2, _, _, _) = await Self.problem(orders + "2024-01-01,\(row)\n")
      else {
        Issue.record("\(row) was read")
        continue
      }
    }
    guard
      case .timesMixed(line: 4, _, _, _) = await Self.problem(
        "time,volatility\n2024-01-03,1\n2024-01-02,1\n2024-01-04,1\n")
    else {
      Issue.record("mixed times were read")
      return
    }
  }

  @Test("whatever bytes change or are missing: events in order, or an error, and bad rows told of")
  func mutations() async throws {
    let seed = RandomCurves.seed("mutated flow", 24)
    var random = SplitMix64(seed: seed)
    var (refused, skipped, read) = (0, 0, 0)
    let alphabet = Array("0123456789-,.\"\n\r eE+x\u{0}ÿ".utf8)
    try await TemporaryFolder.with { folder in
      let url = folder.appending(path: "x.csv")
      for name in [
        "pool-minutes.csv", "candles.csv", "volatility-daily.csv", "prices.csv", "order-flow.csv",
        "volatility-hourly.csv", "volatilities.csv",
      ] {
        let bytes = Array(try Data(contentsOf: Self.demo(name)))
        for _ in 0..<60 {
          var changed = bytes
          for _ in 0..<Int.random(in: 1...6, using: &random) {
            changed[Int.random(in: 0..<changed.count, using: &random)] =
              alphabet.randomElement(using: &random)!
          }
          if random.oneIn(4) { changed.removeLast(Int.random(in: 1..<bytes.count, using: &random)) }
          try Data(changed).write(to: url)
          do {
            let (events, reports) = try Self.all([[url]])
            #expect(zip(events, events.dropFirst()).allSatisfy { $0.time <= $1.time })
            skipped += reports[0].files[0].badRows.count > 0 ? 1 : 0
            read += 1
          } catch is FlowError {
            refused += 1
          }
        }
      }
    }
    print("of 420 mutated files \(refused) were refused, \(skipped) had bad rows")
    #expect(refused > 20 && skipped > 100 && read > skipped / 2)
  }
}
