import DAMM
import Foundation

/// What `damm audit` prints.
struct AuditAnswer: Encodable {
  struct Step: Encodable, Equatable {
    let action: String
    let amounts: [String: Double]
    /// By how much holdings rose.
    let changeA: Double
    let changeB: Double
  }

  struct Scale: Encodable {
    /// So many times the amounts and the reserves.
    let factor: Double
    let changeA: Double
    let changeB: Double
  }

  let amm: String
  /// Markets of one shared pool; `nil` for an AMM of its own.
  @OrNull var markets: Int?
  /// `none`, `gain`, `insolvent` or `scale`.
  let verdict: String
  let seed: UInt64
  let sequences: Int
  let actions: Int
  let seconds: Double
  /// Sequences whose trades were compared with those at another scale; `nil` where that cannot be.
  @OrNull var scaleSequences: Int?
  /// What has to be done before the loop; none where nothing was found.
  let approach: [Step]
  let loop: [Step]
  /// What the loop took out.
  @OrNull var gainA: Double?
  @OrNull var gainB: Double?
  /// What the trade does at another scale, where prices depend on it.
  @OrNull var scale: Scale?

  init(_ report: AuditReport, amm: AuditedMaker, markets: Int? = nil) {
    self.amm = amm.rawValue
    _markets = OrNull(wrappedValue: markets)
    verdict = report.finding?.reason.rawValue ?? "none"
    seed = report.seed
    sequences = report.sequences
    actions = report.actions
    seconds = report.seconds
    approach = report.finding?.approach.map(Step.init) ?? []
    loop = report.finding?.loop.map(Step.init) ?? []
    let gain = report.finding.flatMap { $0.reason == .scale ? nil : $0.gain }
    _gainA = OrNull(wrappedValue: gain?.a)
    _gainB = OrNull(wrappedValue: gain?.b)
    _scaleSequences = OrNull(wrappedValue: report.scaleSequences)
    _scale = OrNull(
      wrappedValue: report.finding?.scale.map {
        Scale(factor: $0.factor, changeA: $0.change.a, changeB: $0.change.b)
      })
  }
}

extension AuditAnswer.Step {
  init(_ step: AuditStep) {
    action = step.action.name
    amounts = Dictionary(
      zip(step.action.amounts.map(\.name), step.amounts), uniquingKeysWith: { $1 })
    (changeA, changeB) = (step.change.a, step.change.b)
  }

  /// For people: the action with its amounts, and what holdings did.
  fileprivate var words: String {
    let amounts = amounts.sorted { $0.key < $1.key }.map { "\(Figures.full($1)) \($0)" }
    return ([action] + amounts).joined(separator: ", ") + ": "
      + [(changeA, "A"), (changeB, "B")].map { ($0 > 0 ? "+" : "") + "\(Figures.full($0)) \($1)" }
      .joined(separator: ", ")
  }
}

extension AuditAnswer {
  /// Labelled lines, and the sequence step by step.
  var text: String {
    let found =
      switch verdict {
      case "none": "nothing found, which is no proof that there is nothing"
      case "scale": "prices depend on scale: so many times the amounts and reserves trade otherwise"
      case "gain": "a gain: the loop leaves no more of either token, and less of one"
      default: "insolvent: more of a token is given than is there"
      }
    let rate = Double(sequences) / max(seconds, 1e-9)
    var lines = [
      Figures.lines([
        ("amm", markets.map { "\(amm), \($0) markets of one pool" } ?? amm), ("verdict", found),
        (
          "tried",
          "\(sequences) sequences of \(actions) actions in \(Figures.short(seconds, digits: 3)) s, "
            + "\(Figures.short(rate, digits: 2)) a second"
        ),
        (
          "other scales",
          scaleSequences.map { "trades compared in \($0) sequences" } ?? "not compared"
        ), ("seed", "\(seed)"),
      ])
    ]
    if let gainA, let gainB {
      if !approach.isEmpty {
        lines += ["", "First (what the AMM gets of it, less what it gives):"] + Self.list(approach)
      }
      lines += ["", "The loop (what the AMM gets, less what it gives):"] + Self.list(loop)
      lines += ["", "It takes out \(Figures.full(gainA)) A and \(Figures.full(gainB)) B."]
    }
    if let scale {
      if !approach.isEmpty {
        lines += ["", "First (what the AMM gets of it, less what it gives):"] + Self.list(approach)
      }
      lines += ["", "The trade (what the AMM gets, less what it gives):"] + Self.list(loop)
      lines += [
        "",
        "With \(Figures.full(scale.factor)) times the amounts and reserves it gets "
          + "\(Figures.full(scale.changeA)) A and \(Figures.full(scale.changeB)) B.",
      ]
    }
    return lines.joined(separator: "\n")
  }

  /// Steps with numbers; those that repeat in one line.
  private static func list(_ steps: [Step]) -> [String] {
    var lines: [String] = []
    var index = 0
    while index < steps.count {
      var end = index + 1
      while end < steps.count, steps[end] == steps[index] { end += 1 }
      let number = end - index > 1 ? "\(index + 1) to \(end)" : "\(index + 1)"
      lines.append("  \(number). \(steps[index].words)")
      index = end
    }
    return lines
  }
}

extension ProgressLine {
  /// Tells how far a search has come.
  func show(_ progress: AuditProgress) {
    write(
      "\(progress.sequences) sequences, \(progress.actions) actions, \(Int(progress.seconds)) s")
  }
}
