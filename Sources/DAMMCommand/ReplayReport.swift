import DAMM
import DAMMReplay

/// What `damm replay` tells, in the words of its JSON. Prices are A per B, amounts token units.
struct ReplayReport: Encodable {
  struct Log: Encodable {
    let file: String
    let rows: Int
    let swaps: Int
    let emptySwaps: Int
    let badRows: Int
    let otherEvents: [String: Int]
    let firstSwap: String
    let lastSwap: String
  }

  struct Pool: Encodable {
    let oraclePrice: Double
    @OrNull var shape: Shape?
    let k: Double
    let tickBps: Double
    let ticks: Int
    let lowestPrice: Double
    let highestPrice: Double
    let reserveA: Double
    let reserveB: Double
    let funding: Funding
    let offeredA: Double
    let offeredB: Double
  }

  struct Fills: Encodable {
    let orders: Int
    let complete: Int
    let partial: Int
    let nothing: Int
  }

  struct Side: Encodable {
    let finalPrice: Double
    let volume: Volume
    @OrNull var slippageBps: Double?
  }

  struct Volume: Encodable {
    let aIn: Double
    let aOut: Double
    let bIn: Double
    let bOut: Double
  }

  struct Deviation: Encodable {
    let finalBps: Double
    let maximumBps: Double
    let meanBps: Double
  }

  struct Speed: Encodable {
    let swapsPerSecond: Double
    let passes: Int
    let medianPassSeconds: Double
  }

  struct Sample: Encodable {
    let swaps: Int
    let time: String
    let poolPrice: Double
    let realPrice: Double
  }

  let log: Log
  let relativeSigma: Double
  @OrNull var sigmaConvention: SigmaConvention?
  let pool: Pool
  let fills: Fills
  let tickPool: Side
  let realPool: Side
  let deviation: Deviation
  let speed: Speed
  let path: [Sample]

  init(
    log: Log, reading: OracleReading, convention: SigmaConvention?, pool: Pool, replay: Replay,
    speed: ReplaySpeed
  ) {
    let end = replay.path[replay.path.count - 1]
    self.log = log
    relativeSigma = reading.relativeSigma
    _sigmaConvention = OrNull(wrappedValue: convention)
    self.pool = pool
    fills = Fills(
      orders: replay.fills.complete + replay.fills.partial + replay.fills.nothing,
      complete: replay.fills.complete, partial: replay.fills.partial,
      nothing: replay.fills.nothing)
    tickPool = Side(
      finalPrice: end.poolPrice, volume: Volume(replay.volume), slippageBps: replay.slippageBps)
    realPool = Side(
      finalPrice: end.realPrice, volume: Volume(replay.realVolume),
      slippageBps: replay.realSlippageBps)
    deviation = Deviation(
      finalBps: replay.deviation.finalBps, maximumBps: replay.deviation.maximumBps,
      meanBps: replay.deviation.meanBps)
    self.speed = Speed(
      swapsPerSecond: speed.swapsPerSecond, passes: speed.passes,
      medianPassSeconds: speed.medianPassSeconds)
    path = replay.path.map {
      Sample(
        swaps: $0.swaps, time: "\($0.time)", poolPrice: $0.poolPrice, realPrice: $0.realPrice)
    }
  }
}

extension ReplayReport.Log {
  init(file: String, events: SwapLog, tape: Tape) {
    self.file = file
    rows = events.rows
    swaps = events.swaps.count
    emptySwaps = events.emptySwaps
    badRows = events.badRows.count
    otherEvents = events.otherEvents
    firstSwap = "\(tape.openingTime)"
    lastSwap = "\(tape.swaps.last?.time ?? tape.openingTime)"
  }
}

extension ReplayReport.Pool {
  init(_ curve: Curve, reserves: Reserves) {
    oraclePrice = curve.oraclePrice
    _shape = OrNull(wrappedValue: curve.table.shape)
    k = curve.table.halfWidth
    tickBps = curve.table.tickWidthBps
    ticks = curve.table.count
    lowestPrice = curve.priceRange.lowerBound
    highestPrice = curve.priceRange.upperBound
    reserveA = reserves.a
    reserveB = reserves.b
    funding = curve.funding
    (offeredA, offeredB) = curve.offered
  }
}

extension ReplayReport.Volume {
  init(_ volume: Replay.Volume) {
    (aIn, aOut, bIn, bOut) = (volume.aIn, volume.aOut, volume.bIn, volume.bOut)
  }
}
