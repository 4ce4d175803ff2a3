import ArgumentParser
import DAMM
import DAMMReplay

/// Who trades with the pool of a replay, and who provides liquidity beside the founder.
struct ReplayAgentOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "The part of each recorded order that comes to the pool; 0: none.")
  var flowShare = 1.0

  @Flag(help: "Nobody trades the pool to the market price.")
  var noArbitrage = false

  @Option(
    parsing: .unconditional, help: "What a trade costs arbitrageurs beside its fee, in A.")
  var arbitrageCost = 0.0

  @Option(
    parsing: .unconditional, help: "What traders who know nothing trade in a day on average, in A.")
  var noiseVolume = 0.0

  @Option(
    parsing: .unconditional,
    help: "What an order of theirs is worth on average, in A; by default there are 100 a day.")
  var noiseSize: Double?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Somebody who adds liquidity: when, in hours after the first step; how much, as a part of what there is; for how many hours it is locked, if it is; and how many they stay, if they leave. May be repeated.",
      valueName: "join:part[:lock[:stay]]"))
  var provider: [String] = []

  /// The agents.
  func agents() throws -> ReplayAgents {
    // without noise its size does not matter
    let noise =
      noiseVolume == 0
      ? nil
      : ReplayAgents.Noise(
        dailyVolume: noiseVolume, meanSize: noiseSize ?? noiseVolume / 100)
    return ReplayAgents(
      flowShare: flowShare, arbitrage: noArbitrage ? nil : .init(cost: arbitrageCost),
      noise: noise, providers: try provider.map(Self.provider))
  }

  private static func provider(_ text: String) throws -> ReplayAgents.Provider {
    let fields = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = fields.map { Double($0) }
    let mayBeEmpty = [false, false, true, false]
    guard (2...4).contains(fields.count),
      zip(fields, zip(numbers, mayBeEmpty)).allSatisfy({ $1.0 != nil || $0.isEmpty && $1.1 }),
      let join = numbers[0], let part = numbers[1]
    else {
      throw Refusal(
        "--provider is \(Refusal.quoted(text)), but it must be hours and a part, as in 24:0.5, and "
          + "may go on with hours of a lock and of their stay, as in 24:0.5:168:72 or 24:0.5::72.")
    }
    return .init(
      joinHours: join, part: part, lockHours: fields.count > 2 ? numbers[2] : nil,
      stayHours: fields.count > 3 ? numbers[3] : nil)
  }
}
