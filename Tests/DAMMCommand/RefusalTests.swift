import Foundation
import Testing

@Suite("what the command refuses")
struct RefusalTests {
  private static let quote = ["quote"] + DammProcess.example

  /// The options of the worked example with another value for one of them.
  private static func example(_ option: String, _ value: String) -> [String] {
    var options = DammProcess.example
    if let index = options.firstIndex(of: option) {
      options[index + 1] = value
    } else {
      options += [option, value]
    }
    return options
  }

  @Test(
    "a refused value is one sentence with the value and what is allowed",
    arguments: [
      ("--price", "-5", "price is -5.0, but it must be a number from 1e-30 to 1e+30."),
      ("--price", "nan", "price is nan, but it must be a number from 1e-30 to 1e+30."),
      ("--price", "1e400", "price is inf, but it must be a number from 1e-30 to 1e+30."),
      ("--sigma", "0", "sigma is 0.0, but it must be a number from 1e-39 to 1e+33."),
      ("--sigma", "-inf", "sigma is -inf, but it must be a number from 1e-39 to 1e+33."),
      ("--reserve-a", "-0", "reserve A is -0.0, but it must be a number from 1e-30 to 1e+30."),
      ("--reserve-b", "-1", "reserve B is -1.0, but it must be a number from 1e-30 to 1e+30."),
      ("--k", "33", "k is 33.0, but it must be a number from 0.001 to 32.0."),
      ("--at", "93", "the position 93.0 lies outside the curve, which spans 94.0 to 106.0."),
      ("--at", "-1", "position is -1.0, but it must be a number from"),
      ("--tick-bps", "1e-5", "but at most 2097152 are allowed"),
    ])
  func refusedValues(_ option: String, _ value: String, _ message: String) async throws {
    let run = try await DammProcess.run(["curve"] + Self.example(option, value))
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(run.error.hasPrefix("Error: ") && run.error.contains(message), "\(run.error)")
    #expect(run.error.split(separator: "\n").count == 1)
  }

  @Test(
    "a refused order",
    arguments: [
      (["--amount", "-1"], "amount is -1.0, but it must be a number from 1e-100 to 1e+100."),
      (["--amount=-1"], "amount is -1.0, but it must be a number from 1e-100 to 1e+100."),
      (["--notional", "0"], "notional is 0.0, but it must be a number from 1e-100 to 1e+100."),
      (["--to-price", "-3"], "price to swap to is -3.0, but it must be a number from"),
      (["--amount", "1", "--limit", "nan"], "limit is nan, but it must be a number from"),
    ])
  func refusedOrders(_ options: [String], _ message: String) async throws {
    let run = try await DammProcess.run(Self.quote + ["--side", "buy"] + options)
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(run.error.hasPrefix("Error: \(message)"), "\(run.error)")
    #expect(run.error.split(separator: "\n").count == 1)
  }

  private static let usages: [(arguments: [String], message: String)] = [
    (quote, "Give --side buy|sell, or --orders."),
    (quote + ["--side", "buy"], "Give exactly one of --amount, --notional and --to-price"),
    (
      quote + ["--side", "buy", "--amount", "1", "--notional", "2"],
      "Give exactly one of --amount, --notional and --to-price; 2 were given."
    ),
    (quote + ["--orders", "-", "--side", "buy"], "--orders takes the place of --side"),
    (quote + ["--orders", "-", "--amount", "1"], "--orders takes the place of --side"),
    (quote + ["--side", "buy", "--amount", "1", "--sequence"], "--sequence needs --orders."),
    (quote + ["--side", "hold", "--amount", "1"], "'hold' is invalid for '--side"),
    (quote + ["--side", "buy", "--amount", "abc"], "'abc' is invalid for '--amount"),
    (quote + ["--side", "buy", "--amount", ""], "'' is invalid for '--amount"),
    (["curve"] + example("--price", "abc"), "'abc' is invalid for '--price"),
    (["curve"] + example("--shape", "cube"), "'cube' is invalid for '--shape"),
    (["curve"] + example("--iv", "0.8"), "Give either --sigma or --iv with --horizon-days"),
    (["curve"] + DammProcess.example + ["--colour"], "Unknown option '--colour'"),
    (["curve", "--price", "100", "--sigma", "1"], "Missing expected argument '--reserve-a"),
    (
      ["curve", "--price", "1", "--reserve-a", "1", "--reserve-b", "1", "--iv", "1"],
      "--iv needs --horizon-days."
    ),
    (["curves"], "Unexpected argument 'curves'"),
  ]

  @Test("wrong usage", arguments: usages)
  func wrongUsage(_ arguments: [String], _ message: String) async throws {
    let run = try await DammProcess.run(arguments)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
    #expect(run.error.contains(message), "\(run.error)")
  }

  @Test(
    "no value of any option crashes the command",
    arguments: ["--price", "--sigma", "--reserve-a", "--reserve-b", "--k", "--tick-bps", "--at"])
  func extremes(_ option: String) async throws {
    let commands = [["curve"], ["curve", "--json"], ["quote", "--side", "sell", "--amount", "1"]]
    for (index, value) in ["inf", "-0", "5e-324", "1e-30", "1e30", "1e308"].enumerated() {
      let command = commands[index % commands.count]
      let run = try await DammProcess.run(command + Self.example(option, value))
      #expect(!run.signalled, "\(command) \(option) \(value)")
      #expect([0, 1].contains(run.status), "\(command) \(option) \(value): \(run.error)")
      #expect((run.status == 0) == run.error.isEmpty)
    }
  }

  @Test("an output that cannot be written")
  func unwritable() async throws {
    let svg = try await DammProcess.run(
      ["curve"] + DammProcess.example + ["--svg", "/no/such/folder/depth.svg"])
    #expect(svg.status == 1)
    #expect(
      svg.error
        == "Error: '/no/such/folder/depth.svg' cannot be written: no such file or directory.\n")
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let options = DammProcess.example.joined(separator: " ")
    let full = try await DammProcess.shell("\"$DAMM\" curve \(options) --json > /dev/full")
    #expect(full.status == 1)
    #expect(
      full.error == "Error: standard output cannot be written: no space left on device.\n")
  }

  @Test("the help of each command has examples", arguments: [[], ["curve"], ["quote"]])
  func help(_ command: [String]) async throws {
    let run = try await DammProcess.run(command + ["--help"])
    #expect(run.status == 0)
    #expect(
      run.output.contains("EXAMPLES\n  damm curve") || run.output.contains("EXAMPLES\n  damm quote")
    )
  }
}
