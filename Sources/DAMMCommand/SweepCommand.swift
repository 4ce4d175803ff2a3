import ArgumentParser
import CDAMM
import DAMM
import DAMMReplay
import Foundation

/// `damm sweep`: replays of one flow over a grid of pools.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Replays one flow over a grid of pools: tables, maps, and which no other one beats.",
    discussion: """
      Files and options are those of damm replay; --grid takes the name of such an option and its \
      values. Every combination is a cell: a pure function of the files, the options and its key, \
      and a row of one flat table. With --store finished cells are kept in a file, and the same \
      command goes on after it was ended, however that was. A pool that cannot be is a row with its \
      error. docs/sweep.md has the columns, and how engines spread cells over machines.

      EXAMPLES
        damm sweep data/demo/pool-day.csv --iv 0.65 --grid fee-bps=1,5,30 --grid k=3,4,6
        damm sweep volatilities.csv minutes/ --fee-bps 5 --thin-spread \\
          --grid reform-bps=none,50,200 --grid horizon-days=1,7,30 \\
          --store month.sweep --csv month.csv --html month.html
        damm sweep data/demo/pool-day.csv --iv 0.65 --grid markets=1,2,4 --plan
        damm sweep data/demo/pool-day.csv --iv 0.65 --cell k=4,fee-bps=5
      """)

  @OptionGroup var options: ReplayOptions

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "An axis of the grid: an option and its values, as in k=4,6,8. May be repeated.",
      valueName: "name=values"))
  var grid: [String] = []

  @Option(
    help: ArgumentHelp(
      "Keep finished cells in a file, and do not compute those that are there.", valueName: "file"))
  var store: String?

  @Option(parsing: .unconditional, help: "How many cells at a time; all cores by default.")
  var jobs: Int?

  @OptionGroup(title: "What is told") var output: SweepOutputOptions

  @Flag(help: "Print the cells, their columns and fingerprints as one JSON value; compute nothing.")
  var plan = false

  @Option(help: ArgumentHelp("Compute one cell and print it as one JSON value.", valueName: "key"))
  var cell: String?

  func validate() throws {
    if cell != nil {
      guard grid.isEmpty, store == nil, !plan else {
        throw ValidationError("--cell is not for --grid, --store or --plan: its key says it all.")
      }
    } else if grid.isEmpty {
      throw ValidationError("Give at least one --grid, as in --grid k=4,6,8, or a --cell.")
    }
    if plan, store != nil { throw ValidationError("--plan computes nothing to --store.") }
  }

  func run() throws {
    let (inputs, base, notes) = try read()
    if !notes.isEmpty { FileHandle.standardError.write(Data(notes.utf8)) }
    let axes = try grid.map { try SweepAxis($0, of: base) }
    let sweep = Sweep(inputs, over: try SweepGrid(base, axes), version: DAMM_VERSION)
    if let cell {
      let cell = try SweepCell(key: cell, of: base)
      try Output.text(SweepAnswer.cell(sweep, cell, sweep.row(cell)))
      return
    }
    if plan {
      try Output.json(SweepPlan(sweep))
      return
    }
    let wanted = try output.wanted(sweep.identity.grid)
    let rows = try rows(of: sweep)
    try output.write(SweepReport(files: options.input.files, sweep: sweep, rows: rows, wanted))
  }

  /// The steps, what all cells begin with, and what is told of the files.
  private func read() throws -> (SweepInputs, SweepBase, notes: String) {
    let steps = try options.input.steps(try options.input.stream())
    let all = try steps.all()
    let base = SweepBase(
      try options.setup(at: all[0].price),
      markets: ReplayMarkets(
        count: 1, settleEvery: options.markets.settleEvery,
        limits: try options.markets.health.limits()),
      noiseSize: options.agents.noiseSize)
    let notes = steps.reports.flatMap(FlowNotes.lines).map { $0 + "\n" }.joined()
    return (SweepInputs(all), base, notes)
  }

  private func rows(of sweep: Sweep) throws -> [SweepRow] {
    let kept = try store.map { try SweepStore($0, of: sweep.identity) }
    var bar = ProgressBar(.things("cells"), of: sweep.identity.grid.count, title: "sweep ")
    defer { bar.end() }
    return try sweep.run(
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, store: kept
    ) { bar.show($0) }
  }
}
