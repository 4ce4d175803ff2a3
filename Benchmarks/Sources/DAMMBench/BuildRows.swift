import CMachine
import CPeers
import DAMM
import DAMMReference

/// The masses of every tick. Ours build a whole table with cumulative capacities; the peers write
/// masses into an array that is there already.
enum BuildRows {
  static func rows(_ markets: [Market]) throws -> [Row] { try markets.map(row) }

  private static func row(_ market: Market) throws -> Row {
    let exact = ExactAnswers { _ in masses(market.referenceTable) }
    let logNormal = try CurveShape(
      .logNormal, relativeSigma: market.shape.relativeSigma, halfWidth: market.shape.halfWidth,
      tickWidthBps: market.shape.tickWidthBps)
    let exactLog = ExactAnswers { _ in masses(Result { try ReferenceTable(taylor: logNormal) }) }
    let (series, gsl) = (Tolerance.massSeriesTo6.relative, Tolerance.massGSL.relative)
    var contenders = try [
      ours("normal, series", market.shape, .series, exact, series, target: 3.3),
      ours("log-normal, series", logNormal, .series, exactLog, series),
      ours("normal, GSL", market.shape, .gsl, exact, gsl),
      peer("gsl_sf_erf", market, exact) {
        peer_masses_gsl_erf($0.s, $0.k, $0.w, $0.side, $1)
      },
      peer("glibc erfc", market, exact) { peer_masses_erfc($0.s, $0.k, $0.w, $0.side, $1) },
    ]
    var notes: [String] = []
    for (name, vector) in [
      ("SLEEF erfc", peer_vector_sleef()), ("libmvec erfc", peer_vector_mvec()),
    ] {
      guard vector.function != nil else {
        notes.append("no row for \(name): \(String(cString: vector.name))")
        continue
      }
      let edges = Desk(Array(repeating: 0, count: market.ticks + 16))
      contenders.append(
        peer("\(name), \(String(cString: vector.name))", market, exact) {
          peer_masses_vector(
            vector, $0.s, $0.k, $0.w, $0.side, edges.values.baseAddress!, $1)
        })
    }
    let beatsGSL = Row.Demand(
      title: "times faster than gsl_sf_erf", bound: .atLeast(20),
      value: { Statistics.ratio($0[3], to: $0[0]) })
    return Row(
      section: .builds, title: market.title, unit: "tick", contenders: contenders,
      demands: [beatsGSL], notes: notes)
  }

  private static func masses(_ table: Result<ReferenceTable<Wide>, any Error>) -> [Exact] {
    try! table.get().masses.map { Exact(value: $0, condition: 1) }
  }

  private static func ours(
    _ name: String, _ shape: CurveShape, _ method: TickTable.Method, _ exact: ExactAnswers,
    _ allowed: Double, target: Double? = nil
  ) throws -> Contender {
    let count = try TickTable(shape, method: method).count
    return Contender(
      name, count: 1, operations: count, target: target,
      prove: { n in
        let table = try! TickTable(shape, method: method)
        let masses = table.withMasses { span in span.indices.map { span[$0] } }
        return Proof.compare(masses, exact.first(n), allowed: allowed)
      },
      work: { _ in
        let table = try! TickTable(shape, method: method)
        machine_keep(Unmanaged.passUnretained(table).toOpaque())
      })
  }

  /// Masses by differences lose digits in the tails: that is shown, and no reason to stop.
  private static func peer(
    _ name: String, _ market: Market, _ exact: ExactAnswers,
    _ build: @escaping (peer_curve, UnsafeMutablePointer<Double>) -> Void
  ) -> Contender {
    let curve = market.peer.pointee
    let desk = Desk(Array(repeating: 0, count: market.ticks))
    let work = { (_: Range<Int>) in
      build(curve, desk.answers.baseAddress!)
      machine_keep(desk.answers.baseAddress!)
    }
    return Contender(
      name, isOurs: false, count: 1, operations: market.ticks,
      prove: { n in
        work(0..<1)
        return Proof.compare(Array(desk.answers), exact.first(n), allowed: 1)
      },
      work: work)
  }
}
