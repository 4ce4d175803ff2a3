import ArgumentParser
import DAMM
import DAMMFeeds
import DAMMReplay
import Foundation

/// `damm replay`: what a tick curve would have done with the swaps of a real pool.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Runs the swaps of a real pool's log through a tick curve and compares the two.",
    discussion: """
      LOG is a table of comma-separated text with a header, one event a row, in order: the columns \
      block_timestamp, tx_type, amount0, amount1 (integers, positive into the pool), sqrtPriceX96 \
      and current_tick (after the event) are read, in any order. Rows other than SWAP are counted \
      and skipped. LOG may be compressed with gzip. Rows with something wrong are left out and told \
      of on standard error, up to --bad-rows of them.

      The first swap sets the oracle price; the replay starts with the second. Each order pays in \
      what the log says was paid in. Nobody trades the two pools against each other, and the curve \
      stays where it was formed.

      EXAMPLES
        damm replay data/demo/pool-day.csv --iv 0.65 --horizon-days 7 \\
          --reserve-a 8500000 --reserve-b 3400
        damm replay data/demo/pool-day.csv --sigma 150 --shape uniform \\
          --reserve-a 8.5e6 --reserve-b 3400 --funding full --json
        damm replay usdt-pool.csv --numeraire token1 --decimals-a 6 --decimals-b 18 \\
          --iv 0.65 --horizon-days 7 --reserve-a 8.5e6 --reserve-b 3400
      """)

  @Argument(help: "The log of a pool; - is standard input.")
  var log: String

  @OptionGroup var volatility: VolatilityOptions
  @OptionGroup var shape: ShapeOptions
  @OptionGroup var reserves: ReserveOptions

  @Option(help: "Which token of the log is A: \(TokenPair.Token.choices).")
  var numeraire = TokenPair.Token.token0

  @Option(parsing: .unconditional, help: "Decimal places of A; USDC has 6.")
  var decimalsA = 6

  @Option(parsing: .unconditional, help: "Decimal places of B; WETH has 18.")
  var decimalsB = 18

  @Option(
    parsing: .unconditional,
    help: "How many rows with something wrong may be left out; 0: the first is an error.")
  var badRows = BadRows.defaultLimit

  @Flag(help: "Print one JSON value, with the path of both prices.")
  var json = false

  func run() throws {
    let isToken0 = numeraire == .token0
    let tokens = try TokenPair(
      decimals0: isToken0 ? decimalsA : decimalsB, decimals1: isToken0 ? decimalsB : decimalsA,
      numeraire: numeraire)
    let (events, tape) = try readLog(tokens)
    let reading = try volatility.reading(price: tape.openingPrice)
    let curve = try Curve(
      table: shape.table(reading), oraclePrice: reading.price, reserves: reserves.reserves(),
      funding: reserves.funding)
    let report = ReplayReport(
      log: ReplayReport.Log(file: log, events: events, tape: tape),
      reading: reading, convention: volatility.usedConvention,
      pool: ReplayReport.Pool(curve, reserves: try reserves.reserves()),
      replay: try Replay(tape, on: curve), speed: try ReplaySpeed(of: tape, on: curve))
    if json { try Output.json(report) } else { try Output.text(report.text) }
  }
}

extension ReplayCommand {
  /// The log, from a file or, for `-`, from standard input.
  private func readLog(_ tokens: TokenPair) throws -> (SwapLog, Tape) {
    let name = InputFile.name(log)
    let events: SwapLog
    do throws(TableError) {
      let source = try log == "-" ? .standardInput : ByteSource(URL(filePath: log))
      events = try SwapLog(source, badRowLimit: badRows)
    } catch {
      if case .unreadable(_, let reason) = error {
        throw Refusal("\(name) cannot be read: \(reason).")
      }
      throw Refusal("\(name): \(error.description)")
    }
    FileHandle.standardError.write(Data(BadRowNote.text(events.badRows, of: name).utf8))
    do throws(ReplayError) {
      return (events, try Tape(events, tokens: tokens))
    } catch {
      throw Refusal("\(name): \(error.description)")
    }
  }
}

extension TokenPair.Token: ExpressibleByArgument {}
