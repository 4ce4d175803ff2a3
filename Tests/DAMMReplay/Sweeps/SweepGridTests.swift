import DAMMModel
import DAMMPool
import DAMMReplay
import Foundation
import Testing
import TestSupport

/// Grids, their cells and keys, and what is refused of them.
@Suite("Grids of sweeps") struct SweepGridTests {
  @Test("all combinations, each once, the last axis first")
  func order() throws {
    let grid = try SweepFixture.grid(["k=3,6", "fee-bps=1,5,30", "reform-bps=none,50"])
    #expect(grid.count == 12)
    let keys = (0..<grid.count).map { grid.cell($0).key }
    #expect(Set(keys).count == 12)
    #expect(
      keys.prefix(3) == [
        "k=3,fee-bps=1,reform-bps=none", "k=3,fee-bps=1,reform-bps=50",
        "k=3,fee-bps=5,reform-bps=none",
      ])
    for index in 0..<grid.count {
      let cell = grid.cell(index)
      #expect(try SweepCell(key: cell.key, of: grid.base) == cell)
      let named = zip(grid.axes, grid.places(index)).map { $0.values[$1] }
      #expect(named == cell.settings.map(\.value))
    }
  }

  @Test("a value has one form")
  func forms() throws {
    let base = try SweepFixture.base()
    #expect(
      try SweepAxis("k=4.0,1e1, 5".replacing(" ", with: ""), of: base).values == ["4", "10", "5"])
    #expect(try SweepAxis("fee-bps=-0,0.10", of: base).values == ["0", "0.1"])
    #expect(try SweepAxis("markets=none,+3", of: base).values == ["none", "3"])
    #expect(try SweepCell(key: "k=4.00", of: base).key == "k=4")
    #expect(throws: SweepError.twice(name: "k", value: "4")) { try SweepAxis("k=4,4.0", of: base) }
  }

  @Test("what is no grid is refused with what is allowed")
  func refusals() throws {
    let base = try SweepFixture.base()
    for text in ["k", "=4", "k=", ""] {
      #expect(throws: SweepError.noAxis(text)) { try SweepAxis(text, of: base) }
    }
    #expect(throws: SweepError.noSuchParameter("K")) { try SweepAxis("K=4", of: base) }
    for (text, name, given) in [
      ("k=abc", "k", "abc"), ("k=nan", "k", "nan"), ("k=33", "k", "33"), ("k=4,,5", "k", ""),
      ("shape=round", "shape", "round"), ("markets=0", "markets", "0"),
      ("markets=2.5", "markets", "2.5"), ("seed=-1", "seed", "-1"),
      ("thin-spread=yes", "thin-spread", "yes"),
      ("k=none", "k", "none"), ("reform-bps=inf", "reform-bps", "inf"),
    ] {
      let error = #expect(throws: SweepError.self) { try SweepAxis(text, of: base) }
      guard case .value(let named, let told, let allowed) = error else {
        Issue.record("\(text): \(String(describing: error))")
        continue
      }
      #expect(named == name && told == given && !allowed.isEmpty)
    }
    #expect(throws: SweepError.twice(name: "k", value: nil)) {
      try SweepGrid(base, [SweepAxis("k=4", of: base), SweepAxis("k=5", of: base)])
    }
    #expect(throws: SweepError.noKey("k")) { try SweepCell(key: "k", of: base) }
    #expect(throws: SweepError.twice(name: "k", value: nil)) {
      try SweepCell(key: "k=4,k=5", of: base)
    }
    let seeds = try SweepAxis("seed", (0..<1001).map(String.init), of: base)
    let flows = try SweepAxis("flow-share", (0..<1000).map(String.init), of: base)
    #expect(throws: SweepError.tooManyCells(1_001_000, allowed: Domain.sweepCells)) {
      try SweepGrid(base, [seeds, flows])
    }
    for (axis, needs) in [
      ("settle-every=1,2", "markets"), ("noise-size=1,2", "noise-volume"),
      ("surge-half-life=1,2", "surge-bps"),
    ] {
      let alone = try SweepAxis(axis, of: base)
      #expect(throws: SweepError.noEffect(name: alone.name, needs: needs)) {
        try SweepGrid(base, [alone])
      }
      let with = try SweepAxis("\(needs)=1,2", of: base)
      #expect(try SweepGrid(base, [alone, with]).count == 4)
    }
  }

  @Test("values that do not go together are a row with the error, not the end")
  func errors() throws {
    let sweep = try SweepFixture.sweep(["fee-min-bps=0,20", "fee-max-bps=10,9999"])
    let rows = try sweep.run(jobs: 2)
    #expect(rows.map { $0.error != nil } == [false, false, true, false])
    #expect(rows[2].error?.contains("maximum fee") == true)
    #expect(rows[2]["fee_min_bps"] == .number(20) && rows[2]["fee_max_bps"] == .number(10))
    #expect(SweepFigure.all.allSatisfy { rows[2][$0.column.name] == .none })
    #expect(rows[0]["advantage"] != .none)
    // a pool that reforms needs a spread
    let thin = try SweepFixture.sweep(["reform-bps=50", "fee-bps=0,5"]).run(jobs: 1)
    #expect(thin[0].error?.contains("ask over bid") == true && thin[1].error == nil)
  }

  @Test("the names of columns are fit for tables, and each is there once")
  func columns() {
    let names = SweepColumn.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { $0.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil })
    #expect(SweepColumn.all.allSatisfy { $0.meaning.hasSuffix(".") })
    #expect(names.enumerated().allSatisfy { SweepColumn.index($1) == $0 })
    #expect(SweepColumn.index("no such") == nil)
  }

  @Test("a row has the parameters of its cell and the figures of its replay")
  func figures() throws {
    let sweep = try SweepFixture.sweep([
      "capital=2e6,1e-3", "reform-hours=0.3", "seed=18446744073709551615",
    ])
    let row = sweep.row(sweep.identity.grid.cell(0))
    #expect(row["reform_hours"] == .number(0.3) && row["seed"] == .natural(.max))
    var setup = try SweepFixture.base().setup
    let terms = setup.terms
    setup.capital = 2e6
    setup.seed = .max
    setup.terms = try PoolTerms(
      a: LotSize(decimals: 6, exponent: 0), b: LotSize(decimals: 10, exponent: 0), fees: terms.fees,
      policy: ReformPolicy(ageSeconds: 0.3 * 3600))
    let figures = try Replay.run(setup, sweep.inputs.steps)
    #expect(row["advantage"] == .number(figures.advantage))
    #expect(
      row["reforms"] == .integer(figures.pool.total.reforms) && figures.pool.total.reforms > 0)
    #expect(row["recorded_value"] == .none && row["slippage_bps"] == .none)
    // the lots of another capital are fine enough for it
    #expect(sweep.row(sweep.identity.grid.cell(1)).error == nil)
    // prices that are none, of which no lots follow
    for price in [0.0, .nan, .infinity, -1] {
      let row = sweep.identity.grid.cell(0).row(sweep.identity.grid.base, at: price) {
        (setup) throws(ReplayError) in try Replay.run(setup, [])
      }
      #expect(row.error?.contains("amount of a token") == true)
    }
    let none = Sweep(SweepInputs([]), over: sweep.identity.grid, version: "1")
    #expect(try none.run(jobs: 2).allSatisfy { $0.error != nil })
    // the size of noise is that of the setup, unless it is told
    var noisy = try SweepFixture.base().setup
    noisy.agents.noise = .init(dailyVolume: 1e6, meanSize: 500)
    let noise = try SweepCell(key: "k=5", of: SweepBase(noisy)).row(SweepBase(noisy), at: 3000) {
      (setup) throws(ReplayError) in
      #expect(setup.agents.noise == .init(dailyVolume: 1e6, meanSize: 500))
      return try Replay.run(setup, sweep.inputs.steps)
    }
    #expect(noise["noise_size"] == .number(500) && noise.error == nil)
  }
}
