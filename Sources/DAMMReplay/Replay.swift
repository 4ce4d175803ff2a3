import DAMMModel

/// A tick pool in a market that was, or is made up: what its liquidity providers would have earned or lost, beside holding, a
/// constant product and a position in the recorded pool.
///
/// It takes steps one after the other, in order of time. In each, recorded orders come first, then noise, at the prices
/// where the last step left the pool; then arbitrageurs take it to the market price of the step, as far as it pays; then the
/// curve is formed anew if its policy says so, markets settle, and providers come and go. Memory does not grow with the
/// steps but for a row an hour.
///
/// A function of its inputs: the same setup and steps give the same figures, to the last bits of the system's logarithm
/// where there is noise.
///
/// ```swift
/// let steps = ReplaySteps(try FlowStream([[volatilities], [folderOfMinutes]]), tokens: try TokenPair())
/// guard let first = try steps.next() else { return }
/// var replay = try Replay(setup, at: first)
/// while let step = try steps.next() { try replay.take(step) }
/// print(replay.figures().advantage)
/// ```
public struct Replay: Sendable {
  private var run: any ReplayRunning

  /// Founds everything at the price of a first step, whose orders are not replayed.
  ///
  /// - Parameters:
  ///   - setup: what to begin with.
  ///   - first: its price is that of the founding.
  ///   - expected: how many steps there will be, this one counted, if that is known: samples for charts that would be dropped
  ///     later are not taken then. The figures are the same if it is right, and have fewer samples if it is too high.
  /// - Throws: `ReplayError.pool` or `.market` that names what is not allowed.
  public init(
    _ setup: ReplaySetup, at first: ReplayStep, expected: Int? = nil
  ) throws(ReplayError) {
    try asReplay { () throws(PoolError) in try setup.check() }
    try first.check()
    if let markets = setup.markets {
      run = try ReplayRun(
        setup, SharedVenue(setup, markets, at: first), at: first, expected: expected)
    } else {
      run = try ReplayRun(setup, PoolVenue(setup, at: first), at: first, expected: expected)
    }
  }

  /// Takes the next step.
  ///
  /// - Parameters:
  ///   - step: not before the one before; price and volatility in their domains.
  ///   - isLast: whether all markets settle, out of turn, so that nothing stays open.
  /// - Throws: `ReplayError`; the replay is not to be used then.
  /// - Complexity: logarithmic in the ticks for each order; a volatility that asks for a new table costs one.
  public mutating func take(_ step: ReplayStep, isLast: Bool = false) throws(ReplayError) {
    try run.take(step, isLast: isLast)
  }

  /// What came of it so far.
  public func figures() -> ReplayFigures { run.figures() }

  /// Runs all steps.
  ///
  /// - Parameters:
  ///   - setup: what to begin with.
  ///   - steps: at least two, in order of time.
  /// - Throws: `ReplayError`.
  public static func run(
    _ setup: ReplaySetup, _ steps: [ReplayStep]
  ) throws(ReplayError) -> ReplayFigures {
    guard steps.count >= 2 else { throw .tooFewSteps(found: steps.count) }
    var replay = try Replay(setup, at: steps[0], expected: steps.count)
    for index in 1..<steps.count {
      try replay.take(steps[index], isLast: index == steps.count - 1)
    }
    return replay.figures()
  }
}

extension ReplayStep {
  func check() throws(ReplayError) {
    try asReplay { () throws(PoolError) in
      try Domain.checkPool(time, "time of a step")
      try Domain.checkPool(price, "market price of a step", in: Domain.price)
      try Domain.checkPool(
        impliedVolatility, "implied volatility of a step", in: Domain.impliedVolatility)
    }
  }
}
