import ArgumentParser
import CDAMM

/// The command line, `damm`.
@main
struct DammCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "damm",
    abstract: "Quotes trades on a tick curve shaped by an oracle price and a volatility.",
    discussion: """
      EXAMPLES
        damm curve --price 100 --sigma 1 --reserve-a 1000 --reserve-b 10
        damm quote --price 100 --sigma 1 --reserve-a 1000 --reserve-b 10 \\
          --side buy --amount 1
        damm iv --forward 100 --strike 110 --expiry-days 30 --premium 1.5 \\
          --type call
        damm replay data/demo/pool-day.csv --iv 0.65 --fee-bps 5 --flow-share 0.006
        damm sweep data/demo/pool-day.csv --iv 0.65 --grid fee-bps=1,5,30 --grid k=3,6
        damm reading --readings data/demo/readings.csv --horizon-days 7
        damm risk --price 3000 --iv 0.8 --horizon-days 7 \\
          --reserve-a 3e6 --reserve-b 1000 --noise-volume 2e6
        damm audit --amm constant-product --reserve-a 3e6 --reserve-b 1000
        damm markets --to 16
        damm path --price 3000 --iv 0.8 --steps 1440 > path.csv
        damm ledger init --ledger pool.ledger --reserve-a 3000000 --reserve-b 1000
        damm market run --ledger pool.ledger --name north --book north.book
        damm accuracy

      A is the numeraire token, B the asset; prices are A per B. Exit codes: 0; 1 for a refused \
      value, a file or node that cannot be read, a file that cannot be written, a broken bound, or a \
      gain that an audit found; 64 for wrong usage.
      """,
    version: DAMM_VERSION,
    subcommands: [
      CurveCommand.self, QuoteCommand.self, IVCommand.self, ReplayCommand.self, SweepCommand.self,
      ReadingCommand.self,
      RiskCommand.self, AuditCommand.self, MarketsCommand.self, LedgerCommand.self,
      MarketCommand.self, PathCommand.self, AccuracyCommand.self,
    ])
}
