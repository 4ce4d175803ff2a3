import DAMMReplay
import Testing
import TestSupport

/// Fronts and maps against looking at every pair.
@Suite("Pareto fronts and maps of sweeps") struct SweepParetoTests {
  private static let figures = SweepFigure.all.map(\.column.name)

  @Test("the front is what no other row beats, in any number of figures, with ties and gaps")
  func front() throws {
    let seed = RandomCurves.seed("fronts", 43)
    var random = SplitMix64(seed: seed)
    var (ties, gaps, long) = (0, 0, 0)
    for _ in 0..<RandomCurves.runs(400) {
      let few = [2, 4, 30].randomElement(using: &random)!
      let rows = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        SweepFixture.row(&random, few: few)
      }
      let names = Self.figures.shuffled(using: &random).prefix(
        Int.random(in: 1...4, using: &random))
      let objectives = try names.map {
        try SweepObjective($0 + (random.oneIn(2) ? ":up" : ":down"))
      }
      let pareto = SweepPareto(rows, objectives)
      func scores(_ row: SweepRow) -> [Double]? {
        let values = objectives.compactMap { objective in
          row[objective.column.name].real.map { objective.better == .up ? $0 : -$0 }
        }
        return values.count == objectives.count ? values : nil
      }
      let all = rows.map(scores)
      let wanted = all.indices.filter { index in
        guard let mine = all[index] else { return false }
        return !all.contains { other in
          guard let other else { return false }
          return zip(other, mine).allSatisfy { $0 >= $1 } && zip(other, mine).contains { $0 > $1 }
        }
      }
      #expect(pareto.front.sorted() == wanted)
      #expect(pareto.compared == all.count { $0 != nil })
      let first = pareto.front.compactMap { all[$0]?[0] }
      #expect(first == first.sorted(by: >), "the best by the first objective comes first")
      let kept = pareto.front.compactMap { all[$0] }
      ties += kept.count - Set(kept).count
      gaps += all.count { $0 == nil }
      long = max(long, kept.count)
    }
    #expect(ties > 50 && gaps > 50 && long > 5, "\(ties), \(gaps), \(long)")
  }

  @Test("figures and directions by name")
  func objectives() throws {
    #expect(try SweepObjective("advantage").better == .up)
    #expect(try SweepObjective("slippage_bps").better == .down)
    #expect(try SweepObjective("advantage:down").better == .down)
    #expect(try SweepObjective("reforms:down").column.kind == .int64)
    #expect(throws: SweepError.noDirection("reforms")) { try SweepObjective("reforms") }
    for text in ["", "k", "error", "advantage:", "advantage:left", "advantage:up:up", "Advantage"] {
      #expect(throws: SweepError.noSuchFigure(text)) { try SweepObjective(text) }
    }
  }

  @Test("a map has the best cell of each place, or that of what was fixed")
  func maps() throws {
    let seed = RandomCurves.seed("maps", 44)
    var random = SplitMix64(seed: seed)
    let grid = try SweepFixture.grid([
      "k=3,4,6,8", "fee-bps=1,5,30", "tick-bps=1,2", "shape=normal,uniform",
    ])
    let names = grid.axes.map(\.name)
    for _ in 0..<RandomCurves.runs(200) {
      let rows = (0..<grid.count).map { _ in SweepFixture.row(&random, few: 5) }
      let axes = names.shuffled(using: &random)
      let figure = try SweepObjective(
        Self.figures.randomElement(using: &random)! + (random.oneIn(2) ? ":up" : ":down"))
      let y = random.oneIn(3) ? nil : axes[1]
      let fixed =
        random.oneIn(2) ? [axes[2]: grid.axes[names.firstIndex(of: axes[2])!].values[1]] : [:]
      let map = try SweepMap(grid, rows, of: figure, x: axes[0], y: y, fixed: fixed)
      for (across, x) in map.x.values.enumerated() {
        for up in map.cells.indices {
          let there = (0..<grid.count).filter { index in
            grid.cell(index).settings.allSatisfy { setting in
              if setting.name == axes[0] { return setting.value == x }
              if setting.name == y { return setting.value == map.y?.values[up] }
              return fixed[setting.name].map { $0 == setting.value } ?? true
            }
          }
          let values = there.compactMap { rows[$0][figure.column.name].real }
          #expect(map.values[up][across] == (figure.better == .up ? values.max() : values.min()))
          let cell = map.cells[up][across]
          #expect(cell.map { there.contains($0) } ?? values.isEmpty)
          #expect(
            cell.flatMap { rows[$0][figure.column.name].real } == map.values[up][across])
        }
      }
    }
    let advantage = try SweepObjective("advantage")
    let none: [SweepRow] = []
    #expect(throws: SweepError.noSuchAxis("seed", axes: names)) {
      try SweepMap(grid, none, of: advantage, x: "seed", y: nil)
    }
    #expect(throws: SweepError.twice(name: "k", value: nil)) {
      try SweepMap(grid, none, of: advantage, x: "k", y: "k")
    }
    #expect(throws: SweepError.twice(name: "k", value: nil)) {
      try SweepMap(grid, none, of: advantage, x: "k", y: nil, fixed: ["k": "3"])
    }
    #expect(throws: SweepError.value(name: "fee-bps", given: "2", allowed: "1 or 5 or 30")) {
      try SweepMap(grid, none, of: advantage, x: "k", y: nil, fixed: ["fee-bps": "2"])
    }
  }
}
