import ArgumentParser
import DAMM
import DAMMFeeds
import DAMMReplay
import Foundation

/// `damm replay`: what a tick pool would have done in a real market.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Runs a tick pool through recorded or synthetic markets: earned or lost, and why.",
    discussion: """
      Files are those of docs/data.md: events or minutes of a pool, candles, prices, volatilities, \
      orders; plain or gzip, each of them a track. What is to be known first, such as volatilities, \
      comes first. Rows with something wrong are left out and told of on standard error, up to \
      --bad-rows of them in a file.

      The first moment with a price and a volatility founds the pool, with half of the capital in A \
      and half in B. In each step recorded orders come first, then noise, then arbitrageurs who trade \
      to the market price net of fees. The same happens to a constant product with the same capital; \
      a position in the recorded pool earns its part of what was traded there. docs/replay.md says \
      what the figures mean.

      EXAMPLES
        damm replay data/demo/pool-day.csv --iv 0.65 --fee-bps 5
        damm replay volatilities.csv minutes/ --fee-bps 5 --reform-bps 200 --html replay.html
        damm path --price 3000 --iv 0.8 | damm replay - --fee-bps 5 --noise-volume 1e6
        damm replay usdt-pool.csv --numeraire token1 --decimals-a 6 --decimals-b 18 \\
          --iv 0.65 --markets 4 --json
      """)

  @OptionGroup var options: ReplayOptions

  @Flag(help: "Print one JSON value: setup, figures, hour by hour and in total.")
  var json = false

  @Option(help: ArgumentHelp("Also write a row for each hour to a file.", valueName: "file"))
  var csv: String?

  @Option(help: ArgumentHelp("Also write a page with charts to a file.", valueName: "file"))
  var html: String?

  func run() throws {
    let report = try self.report()
    let notes = report.notes.map { $0 + "\n" }.joined()
    FileHandle.standardError.write(Data(notes.utf8))
    if let csv { try ReplayHourRow.write(report.figures.hours, to: csv) }
    if let html {
      var file = try ByteWriter(creating: html)
      file.write(ReplayPage(report).html)
      try file.finish()
    }
    if json { try Output.json(report) } else { try Output.text(report.text) }
  }

  /// Runs it, step by step as the files are read.
  private func report() throws -> ReplayReport {
    let stream = try options.input.stream()
    let steps = try options.input.steps(stream)
    guard let first = try steps.next() else { throw ReplayError.tooFewSteps(found: 0) }
    let setup = try options.setup(at: first.price)
    var replay = try Replay(setup, at: first)
    var bar = ProgressBar(.bytes, of: stream.byteCount)
    defer { bar.end() }
    guard var step = try steps.next() else { throw ReplayError.tooFewSteps(found: 1) }
    var count = 0
    while let next = try steps.next() {
      try replay.take(step)
      step = next
      count += 1
      // looking at the clock takes longer than many a step
      if count.isMultiple(of: 64) { bar.show(stream.bytesRead) }
    }
    try replay.take(step, isLast: true)
    return ReplayReport(
      setup: setup, figures: replay.figures(), tracks: steps.reports,
      ordersBefore: steps.ordersBefore)
  }
}

extension TokenPair.Token: ExpressibleByArgument {}
