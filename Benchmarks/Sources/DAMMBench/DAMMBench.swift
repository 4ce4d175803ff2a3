import ArgumentParser
import CMachine
import CPeers
import DAMM
import Foundation

/// Speed of quotes, swaps, builds and reforms beside what a user would write instead.
@main
struct DAMMBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "damm-bench",
    abstract: "Proves that all contenders answer alike, then measures them side by side.",
    discussion: """
      Interleaved rounds on one core, inputs from a seed, percentiles, and the ratio to the best peer. \
      Prints Markdown.
      """)

  @Flag(help: "Fewer and shorter rounds: does it run at all?")
  var quick = false

  @Option(help: "How many rounds (default: 200, quick 12).")
  var rounds: Int?

  @Option(help: "What the inputs and the order of the rounds are drawn from.")
  var seed: UInt64 = 20_260_101

  @Option(help: "Only rows whose section and title match a regular expression.")
  var filter: String?

  @Option(help: ArgumentHelp("Writes all figures as JSON.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Writes the printed report.", valueName: "file"))
  var markdown: String?

  @Option(help: ArgumentHelp("Writes a chart of the quotes as SVG.", valueName: "file"))
  var chart: String?

  @Option(help: .private)
  var sweepBeside: Int?

  func validate() throws {
    if let rounds, rounds < 1 { throw ValidationError("--rounds must be at least 1.") }
    if let filter, (try? Regex(filter)) == nil {
      throw ValidationError("--filter '\(filter)' is not a regular expression.")
    }
  }

  func run() throws {
    if let sweepBeside { return try SweepLoad.serve(steps: sweepBeside) }
    let report = try measure()
    let drawn = Chart(report)
    let chart = drawn.panels.isEmpty ? nil : chart
    let chartName = chart.map { URL(filePath: $0).lastPathComponent }
    let text = report.markdown(chart: chartName)
    print(text)
    if let markdown { try write(text, to: markdown) }
    if let json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      try write(String(decoding: encoder.encode(report), as: UTF8.self) + "\n", to: json)
    }
    if let chart { try write(drawn.svg, to: chart) }
  }

  private func measure() throws -> Report {
    let machine = Machine()
    var random = Random(seed: seed)
    let ticks = [600, 6_000, 24_000]
    // before anything else, for the memory
    let shapes = try ticks.map { try Market.shape(ticks: $0) }
    let pools = try Pools(shapes, using: &random)
    let (rows, allocations, notes) = try all(ticks, pools, using: &random)
    let samples = quick ? 16 : 96
    progress("proving \(rows.count) rows")
    let findings = try rows.map { try Proof.run($0, samples: samples) }
    let sampleTime: Duration = quick ? .milliseconds(1) : .milliseconds(4)
    let plan = Rounds(count: rounds ?? (quick ? 12 : 200), sampleTime: sampleTime)
    progress("measuring, \(plan.count) rounds")
    let times = plan.run(rows, using: &random)
    let results = zip(zip(rows, findings), times).map {
      Report.RowResult($0.0, $0.1, $1)
    }
    var (settlements, more): ([SettlementLoad], [String]) = ([], [])
    if try filter.map({ try "Settlements of a ledger".contains(Regex($0)) }) ?? true {
      progress("loading ledgers")
      machine_unpin()
      (settlements, more) = try SettlementLoad.measure(seconds: quick ? 0.3 : 5)
    }
    var (sweeps, scaling): ([SweepLoad], [Report.Outcome]) = ([], [])
    if try filter.map({ try "Sweeps of replays".contains(Regex($0)) }) ?? true,
      machine_cores() >= 2
    {
      progress("sweeping")
      machine_unpin()
      (sweeps, scaling) = try SweepLoad.measure(
        turns: quick ? 1 : 15, steps: quick ? 2_000 : 43_200)
    }
    let memory = pools.resident.map { Double($0) / 0x1p20 }
    let outcomes =
      zip(results, zip(rows, times)).flatMap { $0.outcomes($1.0, $1.1) }
      + Report.outcomes(allocations: allocations, poolMemory: memory) + scaling
    return Report(
      machine: machine, seed: seed, rounds: plan.count,
      sampleMilliseconds: sampleTime / .milliseconds(1), proofSamples: samples,
      sizes: Sizes.count, rows: results, allocations: allocations, poolMemory: memory,
      settlements: settlements, sweeps: sweeps, outcomes: outcomes, notes: notes + more)
  }

  /// The rows that the filter lets through, allocations counted, and what is left out.
  private func all(
    _ ticks: [Int], _ pools: Pools, using random: inout Random
  ) throws -> ([Row], [Allocations.Count], [String]) {
    var notes: [String] = []
    let markets = try ticks.map { try Market(ticks: $0) }
    let allocations = try Allocations.count(markets[1], using: &random)
    if allocations.isEmpty { notes.append("heap allocations cannot be counted on this system") }
    if pools.resident == nil { notes.append("the memory of the pools could not be measured") }
    var rows = QuoteRows.rows(markets, using: &random)
    rows += QuoteRows.kinds(markets, using: &random)
    rows += SwapRows.rows(markets, using: &random)
    rows += try TickRows.rows(markets[2], using: &random)
    rows += try BuildRows.rows(markets + [Market(ticks: 96_000)])
    rows += try LedgerRows.rows(markets[1], using: &random)
    rows += ReformRows.rows([markets[0], markets[2]], using: &random)
    rows.append(pools.row(markets, using: &random))
    rows += try VolatilityRows.rows(using: &random)
    if peer_has_quantlib() == 0 { notes.append("no rows for QuantLib: it is not installed") }
    switch ThreadRows.row(markets[1], using: &random) {
    case .success(let row): rows.append(row)
    case .failure(let skipped): notes.append(skipped.why)
    }
    rows += try FeeRows.rows(markets, using: &random)
    rows += try ReplayRows.rows()
    if let filter {
      let regex = try Regex(filter)
      rows.removeAll { !"\($0.section.rawValue): \($0.title)".contains(regex) }
    }
    return (rows, allocations, notes)
  }

  private func progress(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  private func write(_ text: String, to path: String) throws {
    try text.write(to: URL(filePath: path), atomically: true, encoding: .utf8)
  }
}
