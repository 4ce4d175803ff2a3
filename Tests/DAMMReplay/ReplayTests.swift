import DAMMKernel
import DAMMModel
import DAMMReplay
import Foundation
import Testing

@Suite("Replaying a tape")
struct ReplayTests {
  let tape: Tape

  init() throws { tape = try Tape(LogFixture.log(LogFixture.demo), tokens: TokenPair()) }

  func curve(_ reserves: Reserves, funding: Funding = .geometricMean) throws -> Curve {
    try Curve(
      table: TickTable(CurveShape(relativeSigma: 0.09)), oraclePrice: tape.openingPrice,
      reserves: reserves, funding: funding)
  }

  /// Deep enough for the whole demo.
  func deep() throws -> Curve { try curve(Reserves(a: 8.5e6, b: 3400)) }

  @Test("the demo log is what its page says")
  func demo() throws {
    let log = try LogFixture.log(LogFixture.demo)
    #expect(log.swaps.count == 2000)
    #expect(log.otherEvents == ["MINT": 3, "BURN": 2, "COLLECT": 1])
    #expect(tape.swaps.count == 1999)
    // The opening price is that after the first swap.
    #expect(try tape.openingPrice == TokenPair().price(sqrtPriceX96: log.swaps[0].sqrtPriceX96))
    #expect(tape.openingTime == log.swaps[0].time)
    // What is paid in moves the real price its way.
    var before = tape.openingPrice
    for swap in tape.swaps {
      #expect((swap.a > 0) == (swap.priceAfter > before))
      before = swap.priceAfter
    }
  }

  @Test("where all is filled, what is paid in is what the log says, to the bit")
  func volumes() throws {
    let replay = try Replay(tape, on: deep())
    #expect(replay.fills.complete == tape.swaps.count)
    #expect(replay.fills.partial + replay.fills.nothing == 0)
    #expect(replay.volume.aIn == tape.swaps.reduce(0) { $0 + max($1.a, 0) })
    #expect(replay.volume.bIn == tape.swaps.reduce(0) { $0 + max($1.b, 0) })
    #expect(replay.volume.aIn == replay.realVolume.aIn)
    #expect(replay.volume.bIn == replay.realVolume.bIn)
    #expect(replay.realVolume.aOut == tape.swaps.reduce(0) { $0 + max(-$1.a, 0) })
  }

  @Test("an independent loop over quotes gives the same figures")
  func figures() throws {
    let replay = try Replay(tape, on: deep())
    var pool = try deep()
    var distances: [Double] = []
    var aOut = 0.0
    for swap in tape.swaps {
      let order = try swap.a > 0 ? Order(.buy, .notional(swap.a)) : Order(.sell, .amount(swap.b))
      let quote = pool.quote(order)
      try pool.move(to: quote.positionAfter)
      aOut += quote.side == .sell ? quote.amountOut : 0
      distances.append((pool.price / swap.priceAfter - 1) * 1e4)
    }
    // A position has one Double for its fraction, the swap's own place has two: moving rounds.
    func near(_ left: Double, _ right: Double) -> Bool {
      abs(left - right) <= Double(tape.swaps.count) * Tolerance.amount.relative * 1e4
    }
    #expect(near(replay.volume.aOut / aOut, 1))
    #expect(near(replay.deviation.finalBps, distances[distances.count - 1]))
    #expect(near(replay.deviation.maximumBps, distances.map(abs).max() ?? .nan))
    #expect(
      near(
        replay.deviation.meanBps, distances.reduce(0) { $0 + abs($1) } / Double(distances.count)))
    // The synthetic pool charges 5 basis points, which its average prices show.
    let real = try #require(replay.realSlippageBps)
    let slippage = try #require(replay.slippageBps)
    #expect(real > slippage && slippage > 0)
  }

  @Test("the same inputs give the same bits")
  func deterministic() throws {
    #expect(try Replay(tape, on: deep()) == Replay(tape, on: deep()))
  }

  @Test("a small pool fills in part and not at all, and counts every order once")
  func smallPool() throws {
    let small = try curve(Reserves(a: 20_000, b: 8), funding: .full)
    let replay = try Replay(tape, on: small)
    #expect(replay.fills.partial > 0 && replay.fills.nothing > 0)
    let orders = replay.fills.complete + replay.fills.partial + replay.fills.nothing
    #expect(orders == tape.swaps.count)
    #expect(replay.volume.aIn < replay.realVolume.aIn)
    // Nothing comes out that was not there: what was held and what was paid in, but for the errors
    // of each amount and of adding them up.
    let slack = Tolerance.amount.relative + Double(orders) * 0x1p-53
    #expect(replay.volume.aOut <= (20_000 + replay.volume.aIn) * (1 + slack))
    #expect(replay.volume.bOut <= (8 + replay.volume.bIn) * (1 + slack))
  }

  @Test("the path begins at the opening, ends at the end, and has no more samples than asked")
  func path() throws {
    for samples in [Int.min, 2, 3, 100, 241, 1999, 2000, Int.max] {
      let replay = try Replay(tape, on: deep(), samples: samples)
      let path = replay.path
      #expect(path.count == min(max(samples, 2), tape.swaps.count + 1))
      #expect(path[0].swaps == 0 && path[0].realPrice == tape.openingPrice)
      let last = path[path.count - 1]
      #expect(last.swaps == tape.swaps.count)
      #expect(last.realPrice == tape.swaps[last.swaps - 1].priceAfter)
      #expect((last.poolPrice / last.realPrice - 1) * 1e4 == replay.deviation.finalBps)
      #expect(zip(path, path.dropFirst()).allSatisfy { $0.swaps < $1.swaps && $0.time <= $1.time })
      #expect(
        path.dropFirst().allSatisfy { $0.realPrice == tape.swaps[$0.swaps - 1].priceAfter })
    }
  }

  @Test("with token 1 as A the same log has the reciprocal prices and the other amounts")
  func numeraire() throws {
    let other = try Tape(
      LogFixture.log(LogFixture.demo), tokens: TokenPair(numeraire: .token1))
    for (left, right) in zip(tape.swaps, other.swaps) {
      #expect((left.a, left.b) == (right.b, right.a))
      // Three roundings: two prices and their product.
      #expect(
        abs(left.priceAfter * right.priceAfter - 1) <= 2 * Tolerance.chainPrice.relative + 0x1p-53)
    }
  }

  @Test("the clock sees every swap of every pass")
  func speed() throws {
    let speed = try ReplaySpeed(of: tape, on: deep(), atLeast: 0)
    #expect(speed.passes == ReplaySpeed.fewestPasses)
    #expect(speed.swapsPerPass == tape.swaps.count)
    #expect(speed.swapsPerSecond > 0 && speed.swapsPerSecond.isFinite)
  }
}
