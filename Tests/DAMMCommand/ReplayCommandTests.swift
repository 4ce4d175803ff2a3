import DAMMFeeds
import Foundation
import TestSupport
import Testing

@Suite("damm replay")
struct ReplayCommandTests {
  private static let demo = ReplayRun.demo("pool-day.csv")

  @Test("for a person: what was earned or lost, in lines that fit", arguments: ReplayRun.allCases)
  func text(_ kind: ReplayRun) async throws {
    let (run, json) = (try await kind.run(), try await kind.run(["--json"]).object())
    #expect(run.status == 0)
    let gain = try #require(json.number("summary.pool.gain"))
    let line = try #require(run.lines.first { $0.hasPrefix("Against holding:") })
    #expect(line.contains(gain < 0 ? "A lost, -" : "A earned, +"), "\(line)")
    #expect(run.output.contains("Against a constant product with the same traders:"))
    let hasRecorded = !(json.at("summary.recorded") is NSNull)
    #expect(hasRecorded == (kind != .path))
    #expect(run.output.contains("Against a position in the recorded pool:") == hasRecorded)
    #expect(run.output.contains("steps stopped") == (kind == .markets))
    #expect(run.output.contains("penalty") == (kind == .minutes))
    #expect(run.output.contains("* tick pool   . constant product"))
    #expect(run.lines.allSatisfy { $0.count <= 100 && !$0.hasSuffix(" ") })
    #expect(!run.output.contains("nan") && !run.output.contains("inf"))
  }

  @Test(
    "hours sum up to the total, and derived figures follow from the others",
    arguments: ReplayRun.allCases)
  func sums(_ kind: ReplayRun) async throws {
    let json = try await kind.run(["--json"]).object()
    let hours = try #require(json["hourly"] as? [[String: Any]])
    func sum(_ column: String) throws -> Double {
      try hours.reduce(0) { $0 + (try #require($1[column] as? Double, "\(column)")) }
    }
    func isNear(_ left: Double, _ right: Double, of size: Double) -> Bool {
      abs(left - right) <= 1e-9 * size
    }
    for venue in ["pool", "product"] {
      func figure(_ name: String) throws -> Double {
        try #require(json.number("summary.\(venue).\(name)"), "\(name)")
      }
      let volume = try figure("volume")
      #expect(volume > 0)
      #expect(isNear(try sum("\(venue)_volume"), volume, of: volume))
      #expect(isNear(try sum("\(venue)_fees"), try figure("paidFees"), of: volume))
      #expect(isNear(try sum("\(venue)_measured_loss"), try figure("measuredLoss"), of: volume))
      #expect(isNear(try sum("\(venue)_predicted_loss"), try figure("predictedLoss"), of: volume))
      #expect(
        isNear(try sum("\(venue)_arbitrage_profit"), try figure("arbitrageProfit"), of: volume))
      #expect(try sum("\(venue)_reforms") == figure("reforms"))
      let held = try #require(json.number("summary.heldValue"))
      #expect(try figure("advantage") == figure("value") / held - 1)
      #expect(try figure("gain") == figure("value") - held)
      #expect(try figure("impermanentLoss") == (figure("value") - figure("fees")) / held - 1)
      #expect(hours.last?["\(venue)_value"] as? Double == (try figure("value")))
      #expect(hours.last?["\(venue)_advantage"] as? Double == (try figure("advantage")))
      // what all traders took before fees is what they earned and the fees they paid
      let taken = try figure("arbitrageProfit") - figure("flowIncome") + figure("paidFees")
      #expect(isNear(taken, try figure("measuredLoss"), of: volume))
    }
    #expect(try sum("steps") == json.number("figures.steps"))
  }

  @Test(
    "a row an hour: the same numbers as in the JSON, to the bit, in columns that docs/replay.md names"
  )
  func csv() async throws {
    let page = try String(contentsOf: Files.root.appending(path: "docs/replay.md"), encoding: .utf8)
    try await TemporaryFolder.with { folder in
      for kind in ReplayRun.allCases {
        let file = folder.appending(path: "\(kind).csv")
        let json = try await kind.run(["--json", "--csv", file.path]).object()
        let hours = try #require(json["hourly"] as? [[String: Any]])
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let names = lines[0].split(separator: ",").map(String.init)
        #expect(lines.count == hours.count + 1 && hours.count > 1)
        for name in names {
          let general = name.replacing(/^(pool|product)_/, with: "VENUE_")
            .replacing(/(flow|noise|arbitrage)_/, with: "WHO_")
          #expect(page.contains("| `\(name)` |") || page.contains("| `\(general)` |"), "\(name)")
        }
        for (line, hour) in zip(lines.dropFirst(), hours) {
          let fields = line.split(separator: ",", omittingEmptySubsequences: false)
          #expect(fields.count == names.count && Set(names) == Set(hour.keys))
          for (name, field) in zip(names, fields) {
            switch hour[name] {
            case let number as Double: #expect(Double(field) == number, "\(name)")
            case let text as String: #expect(field == text)
            default: #expect(hour[name] is NSNull && field.isEmpty && name == "recorded_value")
            }
          }
        }
      }
    }
  }

  @Test("the same seed gives the same bytes, another seed others")
  func seeds() async throws {
    let first = try await ReplayRun.path.run(["--json"])
    let again = try await ReplayRun.path.run(["--json"])
    let other = try await ReplayRun.path.run(["--json", "--seed", "2"])
    #expect(first.output == again.output)
    let (one, two) = (try first.object(), try other.object())
    #expect(one.number("summary.pool.volume") != two.number("summary.pool.volume"))
  }

  @Test("every option reaches the setup")
  func options() async throws {
    let given: [(option: String, value: String, path: String, expected: Double)] = [
      ("--capital", "5e5", "setup.capital", 5e5), ("--horizon-days", "3", "setup.horizonDays", 3),
      ("--k", "5", "setup.terms.halfWidth", 5), ("--tick-bps", "2", "setup.terms.tickWidthBps", 2),
      ("--fee-bps", "7", "setup.terms.fees.baseBps", 7),
      ("--fee-vol", "0.01", "setup.terms.fees.volatility", 0.01),
      ("--fee-skew", "0.1", "setup.terms.fees.skew", 0.1),
      ("--fee-min-bps", "2", "setup.terms.fees.minimumBps", 2),
      ("--fee-max-bps", "50", "setup.terms.fees.maximumBps", 50),
      ("--surge-bps", "9", "setup.terms.fees.surgeBps", 9),
      ("--surge-half-life", "30", "setup.terms.fees.surgeHalfLifeSeconds", 30),
      ("--reform-bps", "150", "setup.terms.policy.deviationBps", 150),
      ("--reform-hours", "12", "setup.terms.policy.ageSeconds", 43_200),
      ("--reform-volatility", "0.2", "setup.terms.policy.volatilityChange", 0.2),
      ("--markets", "2", "setup.markets.count", 2),
      ("--settle-every", "3", "setup.markets.settleEvery", 3),
      ("--floor", "0.5", "setup.markets.limits.floor", 0x1p47),
      ("--allowance", "0.25", "setup.markets.limits.dailyAllowance", 0x1p46),
      ("--flow-share", "0.5", "setup.agents.flowShare", 0.5),
      ("--arbitrage-cost", "2", "setup.agents.arbitrage.cost", 2),
      ("--noise-volume", "1000", "setup.agents.noise.dailyVolume", 1000),
      ("--noise-size", "100", "setup.agents.noise.meanSize", 100),
      ("--product-fee-bps", "25", "setup.rivals.productFeeBps", 25),
      ("--recorded-fee-bps", "30", "setup.rivals.recordedFeeBps", 30),
      ("--recorded-range", "1.5", "setup.rivals.recordedRange", 1.5),
      ("--seed", "9", "setup.seed", 9),
    ]
    let words = [
      "--shape", "uniform", "--funding", "full", "--thin-spread", "--provider", "1:0.5:24:2",
      "--provider", "2:0.25::3",
    ]
    let run = try await DammProcess.run(
      ["replay", Self.demo, "--iv", "0.65", "--json"] + given.flatMap { [$0.option, $0.value] }
        + words)
    #expect(run.status == 0, "\(run.error)")
    let json = try run.object()
    for (option, _, path, expected) in given {
      #expect(json.number(path) == expected, "\(option)")
    }
    #expect(json.at("setup.terms.shape") as? String == "uniform")
    #expect(json.at("setup.terms.funding") as? String == "full")
    #expect(json.at("setup.terms.allowsThinSpread") as? Bool == true)
    let providers = try #require(json.at("setup.agents.providers") as? [[String: Double]])
    #expect(
      providers == [
        ["joinHours": 1, "part": 0.5, "lockHours": 24, "stayHours": 2],
        ["joinHours": 2, "part": 0.25, "stayHours": 3],
      ])
    let none = try await ReplayRun.day.run(["--no-arbitrage", "--json"]).object()
    #expect(none.at("setup.agents.arbitrage") == nil)
    #expect(none.number("figures.pool.total.arbitrage.trades") == 0)
  }

  @Test(
    "what is refused is said in one line",
    arguments: [
      (["/no/such/log.csv"], "/no/such/log.csv cannot be read: there is no such file."),
      ([ReplayRun.demo("chain.csv"), "--iv", "1"], "line 1: the header has"),
      ([demo], "no file tells how volatile the price is"),
      ([ReplayRun.demo("volatilities.csv")], "needs at least 2 moments"),
      ([demo, "--iv", "-1"], "implied volatility is -1.0, but it must be"),
      ([demo, "--iv", "nan"], "implied volatility is nan, but it must be"),
      ([demo, "--iv", "0.65", "--decimals-a", "99"], "the decimals of a token are 99, but"),
      ([demo, "--iv", "0.65", "--capital", "inf"], "capital of the founder in A is inf, but"),
      ([demo, "--iv", "0.65", "--noise-volume", "nan"], "noise volume is nan, but"),
      ([demo, "--iv", "0.65", "--provider", "1"], "--provider is '1', but it must be hours and"),
      ([demo, "--iv", "0.65", "--provider", ":1"], "--provider is ':1', but it must be hours and"),
      ([demo, "--iv", "0.65", "--provider", "1:nan"], "part that a provider adds is nan, but"),
      ([demo, "--iv", "0.65", "--markets", "0"], "number of markets is 0, but"),
      ([demo, "--iv", "0.65", "--reform-bps", "1"], "ask over bid is 0.0"),
      ([demo, "--iv", "0.65", "--bad-rows", "-1"], "limit of bad rows is -1, but"),
      ([demo, "--iv", "0.65", "--html", "/no/folder/page.html"], "cannot be written"),
    ])
  func refusals(_ options: [String], _ message: String) async throws {
    let run = try await DammProcess.run(["replay"] + options)
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(run.error.hasPrefix("Error: ") && run.error.contains(message), "\(run.error)")
    #expect(run.error.split(separator: "\n").count == 1)
  }

  @Test("bad rows are left out and told of on standard error, up to the limit; gaps, too")
  func badRows() async throws {
    let lines = try String(contentsOfFile: Self.demo, encoding: .utf8).split(separator: "\n")
    var changed = lines.map(String.init)
    changed[4] += ",more"
    changed[8] = changed[8].replacing("2024-02-29", with: "2024-02-30")
    let log = Data(changed.joined(separator: "\n").utf8)
    let run = try await DammProcess.run(["replay", "-", "--iv", "0.65", "--json"], input: log)
    #expect(run.status == 0)
    #expect(try run.object().number("input.0.badRows") == 2)
    #expect(try run.object().number("figures.steps") == 1997)
    let said = run.error.split(separator: "\n")
    #expect(said.count == 3 && said.first?.hasSuffix("2 rows are left out:") == true, "\(said)")
    #expect(
      said.count > 2 && said[1].contains("line 5 has 20 values") && said[2].contains("line 9:"))
    for (limit, message) in [("0", "line 5 has"), ("1", "2 rows are wrong")] {
      let refused = try await DammProcess.run(
        ["replay", "-", "--iv", "0.65", "--bad-rows", limit], input: log)
      #expect(refused.status == 1 && refused.error.contains(message), "\(refused.error)")
    }
    var minutes = try String(contentsOfFile: ReplayRun.demo("pool-minutes.csv"), encoding: .utf8)
      .split(separator: "\n")
    minutes.removeSubrange(20..<23)
    let gap = try await DammProcess.run(
      ["replay", "-", "--iv", "0.65"], input: Data(minutes.joined(separator: "\n").utf8))
    #expect(
      gap.status == 0 && gap.error.contains("5 intervals are missing in 2 gaps:"), "\(gap.error)")
    #expect(gap.error.contains("  3 after 2024-03-01 00:18:00"))
  }

  @Test("the README shows what is printed")
  func readme() async throws {
    let page = try String(contentsOf: Files.root.appending(path: "README.md"), encoding: .utf8)
    let run = try await ReplayRun.day.run()
    let shown = run.output.split(separator: "\n\n").dropFirst().prefix(2)
    #expect(shown.count == 2)
    for part in shown {
      let text = part.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
      #expect(page.contains(text), "README.md does not show\n\(text)")
    }
  }

  @Test("too much flow for the capital is remarked")
  func doubt() async throws {
    let all = try await DammProcess.run(["replay", Self.demo, "--iv", "0.65"])
    let part = try await ReplayRun.day.run()
    #expect(all.output.contains("Its traders had 1 of the recorded flow, though"))
    #expect(!part.output.contains("Its traders had"))
  }

  @Test(
    "wrong usage", arguments: [[], ["--iv", "1"], [demo, "--k"], [demo, "--shape", "round"]])
  func wrongUsage(_ options: [String]) async throws {
    let run = try await DammProcess.run(["replay"] + options)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
  }
}
