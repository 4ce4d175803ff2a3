import DAMMModel

/// Who trades with a pool in a replay, and who provides its liquidity.
///
/// In each step recorded orders come first, then noise, then arbitrage to the market price of the step; then the curve is
/// formed anew if its policy says so, and providers come and go.
public struct ReplayAgents: Sendable, Hashable, Codable {
  /// The part of each recorded order that comes to this pool, in `Domain.flowShare`; 0 for none of them. Orders to a
  /// price come whole.
  public var flowShare: Double
  /// Arbitrageurs; `nil` for none.
  public var arbitrage: Arbitrage?
  /// Traders who know nothing; `nil` for none.
  public var noise: Noise?
  /// Providers beside the founder, in `Domain.replayProviders` of them.
  public var providers: [Provider]

  /// Agents.
  public init(
    flowShare: Double = 1, arbitrage: Arbitrage? = Arbitrage(), noise: Noise? = nil,
    providers: [Provider] = []
  ) {
    self.flowShare = flowShare
    self.arbitrage = arbitrage
    self.noise = noise
    self.providers = providers
  }

  /// They buy every tick whose ask is below the market price, and sell into every tick whose bid is above it.
  public struct Arbitrage: Sendable, Hashable, Codable {
    /// What a trade costs them beside its fee, in A, in `Domain.arbitrageCost`; a trade that brings no more is not made.
    public var cost: Double

    /// Arbitrageurs.
    public init(cost: Double = 0) { self.cost = cost }
  }

  /// Orders at random moments (Poisson), in either direction alike, of exponentially distributed amounts.
  public struct Noise: Sendable, Hashable, Codable {
    /// What they trade in a day on average, in A, in `Domain.dailyVolume`.
    public var dailyVolume: Double
    /// What an order pays in on average, worth in A, in `Domain.noiseSize`; on average at most
    /// as many orders a day as `Domain.noisePerDay` has.
    public var meanSize: Double

    /// Noise.
    public init(dailyVolume: Double, meanSize: Double) {
      self.dailyVolume = dailyVolume
      self.meanSize = meanSize
    }
  }

  /// Somebody who adds liquidity, may lock it, and may leave, early if the lock still runs.
  public struct Provider: Sendable, Hashable, Codable {
    /// When they come, in hours after the first step, in `Domain.providerHours`.
    public var joinHours: Double
    /// How much they add, as a part of the shares that there are, in `Domain.providerPart`.
    public var part: Double
    /// For how long the position is locked, in hours; `nil` for no lock.
    public var lockHours: Double?
    /// How long they stay, in hours; `nil` to the end.
    public var stayHours: Double?

    /// A provider.
    public init(
      joinHours: Double, part: Double, lockHours: Double? = nil, stayHours: Double? = nil
    ) {
      self.joinHours = joinHours
      self.part = part
      self.lockHours = lockHours
      self.stayHours = stayHours
    }
  }

  func check() throws(PoolError) {
    try Domain.checkPool(flowShare, "share of the recorded flow", in: Domain.flowShare)
    if let arbitrage {
      try Domain.checkPool(
        arbitrage.cost, "cost of an arbitrage trade in A", in: Domain.arbitrageCost)
    }
    if let noise {
      try Domain.checkPool(noise.dailyVolume, "noise volume", in: Domain.dailyVolume)
      try Domain.checkPool(noise.meanSize, "mean size of a noise order in A", in: Domain.noiseSize)
      try Domain.checkPool(
        noise.dailyVolume / noise.meanSize, "noise orders a day", in: Domain.noisePerDay)
    }
    try Domain.check(providers.count, "number of providers", in: Domain.replayProviders)
    for provider in providers {
      try Domain.checkPool(
        provider.joinHours, "hours until a provider comes", in: Domain.providerHours)
      try Domain.checkPool(
        provider.part, "part that a provider adds", in: Domain.providerPart)
      if let hours = provider.lockHours {
        try Domain.checkPool(hours, "hours of a lock", in: Domain.lockHours)
      }
      if let hours = provider.stayHours {
        try Domain.checkPool(hours, "hours that a provider stays", in: Domain.providerHours)
      }
    }
  }
}
