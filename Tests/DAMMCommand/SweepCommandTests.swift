import DAMMReplay
import Foundation
import Testing
import TestSupport

/// The command of sweeps: beside that of replays, killed and started again, and in parts.
@Suite("damm sweep") struct SweepCommandTests {
  private static let log = Files.root.appending(path: "data/demo/pool-day.csv").path
  private static let grid = [
    "--grid", "k=3,6", "--grid", "fee-bps=0,5", "--grid", "reform-bps=none,50",
  ]

  private static func sweep(_ arguments: [String]) async throws -> DammProcess {
    try await DammProcess.run(["sweep", log, "--iv", "0.65"] + arguments)
  }

  /// One run of `damm replay`, as far as it is compared.
  private struct Answer: Decodable {
    struct Figures: Decodable {
      struct Venue: Decodable {
        struct End: Decodable { let value, fees, offered: Double }
        struct Total: Decodable {
          struct Kind: Decodable {
            let trades: Int
            let volume, fees, taken: Double
          }
          let arbitrage, noise, flow: Kind
          let reforms: Int
        }
        let end: End
        let total: Total
        let meanOffered: Double
      }
      struct Recorded: Decodable { let value: Double }
      let pool, product: Venue
      let recorded: Recorded?
      let capital: Double
    }
    let figures: Figures
  }

  private struct Cell: Decodable {
    let key: String
    let inputs: String
    let setup: String
    let row: SweepRow
  }

  /// A value of every parameter that the base does not have, and as options of a replay.
  private static let others: [(setting: String, options: [String])] = [
    ("capital=3e5", []), ("horizon-days=30", []), ("k=2", []), ("tick-bps=7", []),
    ("shape=uniform", []), ("funding=full", []), ("fee-bps=12", []), ("fee-vol=0.01", []),
    ("fee-skew=0.1", []), ("fee-min-bps=21", []), ("fee-max-bps=8", []), ("surge-bps=90", []),
    ("surge-half-life=1000", []), ("reform-bps=80", []), ("reform-hours=0.1", []),
    ("reform-volatility=0.001", []), ("thin-spread=true", ["--thin-spread"]), ("markets=3", []),
    ("settle-every=9", []), ("flow-share=0.25", []), ("arbitrage-cost=20", []),
    ("arbitrage-cost=none", ["--no-arbitrage"]), ("noise-volume=4e5", []), ("noise-size=700", []),
    ("product-fee-bps=80", []), ("recorded-fee-bps=30", []), ("recorded-range=1.1", []),
    ("seed=99", []),
  ]

  @Test("a cell is the replay with the same options, for every parameter that there is")
  func cellsAreReplays() async throws {
    let files = ["volatility-hourly.csv", "pool-minutes.csv"]
      .map { Files.root.appending(path: "data/demo/\($0)").path }
    let base = [
      "--fee-bps", "10", "--surge-bps", "20", "--reform-bps", "60", "--noise-volume", "1e5",
      "--markets", "2", "--no-limits",
    ]
    #expect(
      Set(Self.others.map { $0.setting.split(separator: "=")[0] })
        == Set(SweepParameter.all.map { $0.name[...] }))
    let plain = try await DammProcess.run(["sweep"] + files + base + ["--cell", "k=6"])
    let unchanged = try plain.decoded(Cell.self)
    #expect(unchanged.row.error == nil)
    for (setting, options) in Self.others {
      let parts = setting.split(separator: "=").map(String.init)
      let told = try await DammProcess.run(["sweep"] + files + base + ["--cell", setting])
      let cell = try told.decoded(Cell.self)
      #expect(cell.inputs == unchanged.inputs && cell.setup == unchanged.setup)
      // an option that is given twice counts as it was given last
      let given = options.isEmpty ? ["--\(parts[0])", parts[1]] : options
      let ran = try await DammProcess.run(
        ["replay", "--json"] + files + Self.without(parts[0], base) + given)
      let figures = try ran.decoded(Answer.self).figures
      let (row, pool) = (cell.row, figures.pool)
      #expect(row["value"] == .number(pool.end.value), "\(setting)")
      #expect(row["founder_fees"] == .number(pool.end.fees), "\(setting)")
      #expect(row["reforms"] == .integer(pool.total.reforms), "\(setting)")
      #expect(row["mean_offered"] == .number(pool.meanOffered), "\(setting)")
      #expect(row["product_value"] == .number(figures.product.end.value), "\(setting)")
      #expect(row["recorded_value"] == SweepValue(figures.recorded?.value), "\(setting)")
      let total = pool.total
      #expect(
        row["trades"]
          == .integer(total.flow.trades + total.noise.trades + total.arbitrage.trades), "\(setting)"
      )
      #expect(
        row["arbitrage_profit"] == .number(total.arbitrage.taken - total.arbitrage.fees),
        "\(setting)")
      // thin spreads are allowed or not, and here none is thin
      if parts[0] != "thin-spread" {
        let differs = SweepFigure.all.contains {
          row[$0.column.name] != unchanged.row[$0.column.name]
        }
        #expect(differs, "\(setting) changes no figure")
      }
    }
  }

  /// Options without one of them.
  private static func without(_ name: String, _ options: [String]) -> [String] {
    guard let at = options.firstIndex(of: "--\(name)") else { return options }
    return Array(options[..<at] + options[(at + 2)...])
  }

  @Test("a plan and its cells, one by one, are the table")
  func parts() async throws {
    struct Plan: Decodable {
      struct Column: Decodable { let name, type, unit, meaning, role: String }
      struct Cell: Decodable {
        let key: String
        let parameters: [String: String]
      }
      let damm, inputs, setup: String
      let steps: Int
      let schema: [Column]
      let cells: [Cell]
    }
    struct Table: Decodable {
      struct Pareto: Decodable {
        let objectives, front: [String]
        let compared: Int
      }
      let damm, inputs, setup: String
      let rows: [SweepRow]
      let pareto: Pareto
    }
    try await TemporaryFolder.with { folder in
      let files = ["csv", "schema"].map { folder.appending(path: $0).path }
      let whole = try await Self.sweep(
        Self.grid + ["--json", "--csv", files[0], "--schema", files[1]])
      let table = try whole.decoded(Table.self)
      let planned = try await Self.sweep(Self.grid + ["--plan"])
      let plan = try planned.decoded(Plan.self)
      #expect(plan.cells.count == 8 && table.rows.count == 8 && plan.steps == 2_000)
      #expect(plan.inputs == table.inputs && plan.setup == table.setup && plan.damm == table.damm)
      #expect(plan.schema.map(\.name) == SweepColumn.all.map(\.name))
      let csv = try String(contentsOf: URL(filePath: files[0]), encoding: .utf8)
      #expect(csv == ([SweepRow.csvHeader] + table.rows.map(\.csv)).map { $0 + "\n" }.joined())
      let schema = try JSONDecoder().decode(
        [Plan.Column].self, from: Data(contentsOf: URL(filePath: files[1])))
      #expect(schema.map(\.meaning) == plan.schema.map(\.meaning))
      for (cell, row) in zip(plan.cells, table.rows) {
        let alone = try (try await Self.sweep(["--cell", cell.key])).decoded(Cell.self)
        #expect(alone.row == row && alone.key == cell.key && alone.inputs == plan.inputs)
        #expect(alone.setup == plan.setup)
      }
      #expect(
        table.rows.map { $0.error != nil } == [
          false, true, false, false, false, true, false, false,
        ])
      #expect(table.pareto.objectives == ["advantage:up", "slippage_bps:down"])
      #expect(table.pareto.compared == 6)
      let front = SweepPareto(
        table.rows, try ["advantage", "slippage_bps"].map { try SweepObjective($0) }
      ).front
      #expect(table.pareto.front == front.map { plan.cells[$0].key })
    }
  }

  @Test("the table does not depend on the number of threads")
  func threads() async throws {
    let one = try await Self.sweep(Self.grid + ["--json", "--jobs", "1"])
    let many = try await Self.sweep(Self.grid + ["--json", "--jobs", "5"])
    #expect(one.status == 0 && one.output == many.output)
    // what is drawn by chance, too
    let noise = Self.grid + ["--noise-volume", "1e5", "--grid", "seed=1,2", "--json"]
    let (first, second) = try await (
      Self.sweep(noise + ["--jobs", "1"]), Self.sweep(noise + ["--jobs", "3"])
    )
    #expect(first.status == 0 && first.output == second.output)
  }

  /// Cells long enough that most kills fall into one.
  private static let long =
    ["sweep", log, "--iv", "0.65", "--markets", "2", "--no-limits", "--jobs", "2"]
    + ["--grid", "k=3,4,5,6", "--grid", "fee-bps=1,5,10,30", "--grid", "tick-bps=1,2,5"]

  @Test(
    "killed at any moment, a sweep goes on, computes nothing twice, and ends with the same table")
  func kills() async throws {
    let seed = RandomCurves.seed("kills of sweeps", 51)
    var random = SplitMix64(seed: seed)
    try await TemporaryFolder.with { folder in
      func file(_ name: String) -> String { folder.appending(path: name).path }
      let whole = try await DammProcess.run(Self.long + ["--csv", file("whole")])
      #expect(whole.status == 0)
      let store = file("store")
      var (lines, kills, torn, runs) = (0, 0, 0, 0)
      while runs < 60 {
        runs += 1
        // the process ends by itself or by the signal; nothing is asked of it
        let process = Process()
        process.executableURL = DammProcess.binary
        process.arguments = Self.long + ["--store", store, "--csv", file("again")]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        // when some more cells are finished, and a moment later
        let more = lines + Int.random(in: 1...12, using: &random)
        // by this thread: whoever waits for another one may come too late
        while process.isRunning, Self.lines(store) < more { usleep(1_000) }
        usleep(UInt32.random(in: 0...20_000, using: &random))
        if process.isRunning {
          kill(process.processIdentifier, SIGKILL)
          kills += 1
        }
        process.waitUntilExit()
        let now = Self.lines(store)
        #expect(now >= lines, "finished cells stay")
        lines = now
        if process.terminationReason == .exit {
          #expect(process.terminationStatus == 0)
          break
        }
        // a kill in the middle of a line, which is hard to hit
        if lines > 2, random.oneIn(2) {
          let half = Data("{\"key\":\"k=3,fee-bps=1,tick-bps=1\",\"row\":{\"capital\":10".utf8)
          let there = try Data(contentsOf: URL(filePath: store))
          try (there + half.prefix(Int.random(in: 1...half.count, using: &random)))
            .write(to: URL(filePath: store))
          torn += 1
        }
      }
      #expect(
        kills >= 2 && lines == 49 && runs < 60, "\(kills) kills, \(torn) torn, \(lines) lines")
      let table = try Data(contentsOf: URL(filePath: file("again")))
      #expect(table == (try Data(contentsOf: URL(filePath: file("whole")))))
      // each cell was written once: nothing that was finished was computed again
      let text = try String(contentsOf: URL(filePath: store), encoding: .utf8)
      let keys = text.split(separator: "\n").dropFirst().compactMap {
        $0.firstMatch(of: /"key":"([^"]*)"/).map { String($0.1) }
      }
      #expect(keys.count == 48 && Set(keys).count == 48)
    }
  }

  /// How many lines of a store are whole.
  private static func lines(_ store: String) -> Int {
    let data = (try? Data(contentsOf: URL(filePath: store))) ?? Data()
    return data.count { $0 == UInt8(ascii: "\n") }
  }

  @Test("what is no sweep is refused before anything is computed")
  func refusals() async throws {
    try await TemporaryFolder.with { folder in
      let notes = folder.appending(path: "notes.txt")
      try Data("milk\n".utf8).write(to: notes)
      let store = folder.appending(path: "store").path
      #expect(try await Self.sweep(["--grid", "k=3", "--store", store]).status == 0)
      let cases: [([String], Int32, String)] = [
        ([], 64, "--grid"), (["--grid", "k"], 1, "no axis"),
        (["--grid", "size=3"], 1, "there is no parameter \"size\""),
        (["--grid", "k=99"], 1, "k is \"99\", but it must be a number from 0.001 to 32.0"),
        (["--grid", "k=3", "--cell", "k=3"], 64, "--cell"),
        (["--cell", "k"], 1, "no key"), (["--grid", "k=3", "--jobs", "0"], 1, "threads"),
        (["--grid", "k=3", "--pareto", "reforms"], 1, "reforms:up"),
        (["--grid", "k=3", "--pareto", "wealth"], 1, "there is no figure"),
        (["--grid", "k=3", "--pareto", "fees,fees"], 1, "twice"),
        (["--grid", "k=3", "--map", "fee-bps,fees"], 1, "there is no axis"),
        (["--grid", "k=3", "--map", "k"], 1, "--map"),
        (["--grid", "k=3", "--fix", "fee-bps=5"], 1, "there is no axis"),
        (["--grid", "k=3", "--fix", "k"], 1, "--fix"),
        (["--grid", "k=3", "--store", notes.path], 1, "no store of a sweep"),
        (["--grid", "k=3,4", "--store", store], 1, "its k is 3, and 3,4 was asked"),
        (["--grid", "k=3", "--fee-bps", "5", "--store", store], 1, "fee-bps 0, and 5 was asked"),
        (["--grid", "k=3", "--plan", "--store", store], 64, "--plan"),
        (["--grid", "k=3", "--csv", folder.path], 1, "cannot be written"),
      ]
      for (arguments, status, text) in cases {
        let run = try await Self.sweep(arguments)
        #expect(run.status == status && run.output.isEmpty, "\(arguments): \(run.error)")
        #expect(run.error.contains(text), "\(arguments): \(run.error)")
      }
      #expect(try String(contentsOf: notes, encoding: .utf8) == "milk\n")
    }
  }

  @Test("the text has a map, who is not beaten, and what cannot be")
  func text() async throws {
    let run = try await Self.sweep(Self.grid)
    #expect(run.status == 0 && run.error.isEmpty)
    for part in [
      "fee-bps \\ k", "best reform-bps",
      "Beaten by no other cell (more advantage, less slippage_bps)",
      "2 cells have no figures; the first, k=3,fee-bps=0,reform-bps=50:",
    ] {
      #expect(run.output.contains(part), "\(part): \(run.output)")
    }
    let fixed = try await Self.sweep(
      Self.grid + ["--fix", "reform-bps=50", "--map", "k,fee-bps,fees"])
    #expect(fixed.output.contains("fees, reform-bps 50:"))
  }

  @Test("the documentation has every column")
  func documentation() throws {
    let page = try String(contentsOf: Files.root.appending(path: "docs/sweep.md"), encoding: .utf8)
    for column in SweepColumn.all {
      let row =
        "| `\(column.name)` | \(column.kind.rawValue) | \(column.unit) | \(column.meaning) |\n"
      #expect(page.contains(row), "\(row)")
    }
    #expect(page.matches(of: /\n\| `[a-z0-9_]+` \| [a-z0-9]+ \|/).count == SweepColumn.all.count)
  }

  @Test(
    "in a browser: light and dark, wide and narrow, nothing overlaps, is cut or empty",
    arguments: Browser.View.all)
  func browser(_ view: Browser.View) async throws {
    if Browser.isMissing { return }
    try await TemporaryFolder.with { folder in
      let file = folder.appending(path: "sweep.html")
      let run = try await Self.sweep(
        Self.grid + [
          "--html", file.path, "--map", "fee-bps,k,advantage", "--map", "k,slippage_bps",
        ])
      #expect(run.status == 0, "\(run.error)")
      let (probe, said) = try await Browser.answer(
        of: file, view, script: PageProbe.script, as: PageProbe.self)
      #expect(probe.faults.isEmpty && !said.contains("CONSOLE"))
      #expect(probe.problems.isEmpty)
      let tip = try #require(probe.tips.first { $0.hasPrefix("map2: ") }, "\(probe.tips)")
      #expect(tip.contains(/map2: (3|6); slippage_bps: [0-9.]+/), "\(tip)")
      #expect(probe.scrollWidth <= view.width && probe.isDark == view.isDark)
      #expect(probe.figures == 3 && probe.labels >= 12)
      let picture = try await Browser.picture(of: file, view)
      // the fields of the map and the card below them
      for colour in view.isDark ? [0x181F27, 0x5CB6F5] : [0xFFFFFF, 0x0067B1] {
        #expect(picture.count(colour) > 3_000, "\(String(colour, radix: 16))")
      }
    }
  }

  @Test("the page has its maps and tables, and needs nothing else")
  func page() async throws {
    try await TemporaryFolder.with { folder in
      let path = folder.appending(path: "sweep.html")
      let run = try await Self.sweep(
        Self.grid + [
          "--grid", "shape=normal", "--html", path.path, "--map", "k,fee-bps,fees", "--map",
          "k,advantage",
        ])
      #expect(run.status == 0)
      let html = try String(contentsOf: path, encoding: .utf8)
      for part in [
        "id=\"map1\"", "id=\"map2\"", "class=\"h\"", "Beaten by no other cell",
        "Cells that cannot be",
        "All cells", "ask over bid is",
      ] {
        #expect(html.contains(part), "\(part)")
      }
      #expect(!html.contains("http") && !html.contains("src=") && !html.contains("@import"))
      #expect(html.components(separatedBy: "<tr>").count - 1 >= 8 + 2 + 2)
    }
  }
}
