import ArgumentParser
import DAMM
import DAMMFeeds
import Foundation

extension EthereumReadings.Unit: ExpressibleByArgument {}

/// A node and the contracts that are asked there.
struct NodeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Address of an Ethereum node; by default that in DAMM_NODE_URL.", valueName: "url"))
  var node: String?

  @Option(help: "Contract that answers the price with latestRoundData().")
  var aggregator: String?

  @Option(help: "Contract that answers the volatility.")
  var volatilityAggregator: String?

  @Option(help: "Unit of that volatility, a year: \(EthereumReadings.Unit.choices).")
  var volatilityUnit = EthereumReadings.Unit.percent

  @Option(
    parsing: .unconditional, help: "How old the volatility of the contract may be, in minutes.")
  var volatilityMaxAgeMinutes = 1500.0

  @Option(parsing: .unconditional, help: "Chain that the node must be on.")
  var chainID: UInt64 = 1

  @Option(parsing: .unconditional, help: "How often a node that does not answer is asked.")
  var attempts = NodePolicy.standard.attempts

  @Option(parsing: .unconditional, help: "How long each attempt may take, in seconds.")
  var timeoutSeconds = NodePolicy.standard.timeoutSeconds

  @Flag(
    name: .customLong("allow-plain-http"),
    help: "Allow http:// to other machines: others on the way may read and change all.")
  var allowsPlainHTTP = false

  /// The source of a price.
  func source(_ aggregator: String, iv: Double?) throws -> EthereumReadings {
    let environment = ProcessInfo.processInfo.environment["DAMM_NODE_URL"]
    guard let url = node ?? environment, !url.isEmpty else {
      throw ValidationError("Give the address of a node: --node, or DAMM_NODE_URL.")
    }
    let node = try EthereumNode(
      url, chainID: chainID,
      policy: NodePolicy(attempts: attempts, timeoutSeconds: timeoutSeconds),
      allowsPlainHTTP: allowsPlainHTTP)
    let volatility: EthereumReadings.Volatility
    if let volatilityAggregator {
      volatility = .aggregator(
        try EthereumAddress(volatilityAggregator), unit: volatilityUnit,
        ageLimitSeconds: volatilityMaxAgeMinutes * 60)
    } else {
      volatility = .fixed(iv ?? .nan)
    }
    return try EthereumReadings(
      node: node, aggregator: EthereumAddress(aggregator), volatility: volatility)
  }
}
