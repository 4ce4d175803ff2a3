import Foundation

/// Three significant digits, or as many as a large number has.
func figure(_ value: Double) -> String {
  guard value.isFinite else { return "-" }
  let size = abs(value)
  if size == 0 { return "0" }
  if size >= 1e7 || size < 1e-2 { return String(format: "%.2g", value) }
  if size >= 1_000 { return grouped(Int(value.rounded())) }
  return String(format: size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value)
}

/// A number that someone chose.
private func plain(_ value: Double) -> String { String(format: "%g", value) }

extension Report {
  /// The report as it is printed and kept.
  func markdown(chart: String?) -> String {
    var text = ["# Benchmarks", "", introduction, "", machineTable]
    if let chart { text += ["", "![Nanoseconds a quote by contender and ticks](\(chart))"] }
    text += ["", "## Targets", "", targets]
    for section in Row.Section.allCases {
      let rows = rows.filter { $0.section == section }
      if rows.isEmpty { continue }
      text += ["", "## \(section.rawValue)", "", section.explanation]
      for row in rows { text += ["", "### \(row.title)", ""] + row.markdown }
    }
    if !allocations.isEmpty { text += ["", "## Heap allocations", "", allocationTable] }
    if !settlements.isEmpty {
      text += ["", "## Settlements of a ledger", "", settlementTable]
    }
    if !sweeps.isEmpty { text += ["", "## Sweeps of replays", "", sweepTable] }
    if !notes.isEmpty { text += ["", "## Notes", ""] + notes.map { "- \($0)" } }
    return text.joined(separator: "\n") + "\n"
  }

  private var introduction: String {
    """
    Written by `make bench`. Before anything is measured, the first \(proofSamples) answers of every \
    contender are compared with a reference of 20 digits; the largest relative error is in its line. \
    Ours must keep their declared bounds, a peer that errs by more than 1e-6 in a quote or a swap stops \
    the run. Then \(rounds) rounds run every contender once, in a shuffled order, on one core; a sample \
    takes at least \(figure(sampleMilliseconds)) ms and goes on through \(grouped(sizes)) different \
    sizes in random order, the same arrays for all. Times are ns an operation. "x best peer" is how \
    many times longer the fastest peer of the row took, round by round, then the median. The peers are \
    plain C and C++, in double arithmetic.
    """
  }

  private var machineTable: String {
    table([
      ["", ""], ["processor", "\(machine.cpu), \(machine.cores) cores"],
      ["kernel set", machine.kernels], ["system", machine.system],
      ["ours", "\(machine.swift), \(machine.swiftFlags)"],
      ["peers", "\(machine.peerCompiler), \(machine.peerFlags)"],
      ["commit", machine.commit], ["seed", "\(seed)"], ["rounds", "\(rounds)"],
      ["date", machine.date],
      [
        "load at the start",
        machine.load + (machine.bound ? "; bound to one core" : "; not bound to a core"),
      ],
    ])
  }

  private var targets: String {
    let missed = outcomes.count { !$0.holds }
    return "\(outcomes.count - missed) of \(outcomes.count) met.\n\n"
      + table(
        [["", "measured", "target", ""]]
          + outcomes.map {
            let unit = $0.unit == "times" ? "x" : " " + $0.unit
            return [
              $0.subject, figure($0.measured) + unit, $0.bound.text, $0.holds ? "pass" : "**MISS**",
            ]
          })
  }

  private var allocationTable: String {
    table(
      [["", "calls of malloc", "target", ""]]
        + allocations.map { count in
          let verdict = count.target.map { count.calls <= $0 ? "pass" : "**MISS**" }
          return [
            count.name, figure(count.calls), count.target.map(plain) ?? "", verdict ?? "",
          ]
        })
  }
}

extension Report {
  private var settlementTable: String {
    let rows = settlements.map { load in
      [
        load.isBare ? "\(load.store), bare transaction" : "**\(load.store), settlement**",
        "\(load.writers)", figure(load.perSecond), figure(load.p50), figure(load.p99),
      ]
    }
    return """
      On all cores, on the disk of the temporary folder, which decides about what waits for it. A writer is a thread \
      with a store of its own, and posts the next settlement when it has its answer; at the end the log must \
      prove all of them. A bare transaction reads and writes as much as a settlement, without knowing what.

      """
        + "\n" + table([["", "writers", "a second", "p50, ms", "p99, ms"]] + rows)
  }
}

extension Report {
  private var sweepTable: String {
    """
    \(grouped(sweeps.first?.steps ?? 0)) minutes over \(sweeps.first?.cells ?? 0) pools, not bound to a core: the steps are there, cells are what \
    is counted. The two processes are copies of this program that share nothing, each on one thread, at the same \
    time: what two cores of the machine bring just then. Turns alternate, ratios are medians of those of the turns.

    """
      + "\n"
      + table(
        [["", "cells a second", "x one thread"]]
          + sweeps.map { [$0.name, figure($0.cellsPerSecond), figure($0.timesOne)] })
  }
}

extension Bound {
  var text: String {
    switch self {
    case .atLeast(let value): "at least \(plain(value))"
    case .atMost(let value): "at most \(plain(value))"
    }
  }
}

extension Row.Section {
  /// What a reader must know about the rows.
  fileprivate var explanation: String {
    switch self {
    case .quotes: "An exact amount of B bought from the oracle price; the answer is the A to pay."
    case .kinds: "The batch, in both directions, with either quantity fixed."
    case .swaps:
      "Each starts where the one before ended, buying and selling alternately, so that the pool stays "
        + "in range."
    case .ticks: "As the quotes above, with orders that end in a given tick."
    case .builds:
      "Ours build the whole table, memory and cumulative capacities included; the peers write masses "
        + "into an array that is there already."
    case .ledger:
      "Each swap changes reserves, fees and position in whole lots and answers with all fields; buying and "
        + "selling alternately."
    case .reforms: "A new oracle price on the same table, along a random walk."
    case .pools: "One quote of each pool."
    case .volatility:
      "Total deviations from undiscounted premiums. Errors are relative; ours are judged over the larger of 1 "
        + "and the condition number."
    case .threads: "The same batch on one core and on two at once."
    case .fees: "The same quotes on the same curve, with fees and without."
    case .replays:
      """
      Whole replays on one core: orders, arbitrage, reforms and all figures of the tick pool, and of a constant product beside it. \
      A step is a minute, or a swap; what is read from files is parsed before.
      """
    }
  }
}

extension Report.RowResult {
  fileprivate var markdown: [String] {
    let header = [
      "ns a \(unit)", "p0", "p50", "p90", "p99", "million a second", "x best peer", "target", "",
      "worst error",
    ]
    let body = lines.map { line -> [String] in
      let verdict = line.target.map { line.p50 <= $0 ? "pass" : "**MISS**" }
      return [
        line.isOurs ? "**\(line.name)**" : line.name, figure(line.p0), figure(line.p50),
        figure(line.p90), figure(line.p99), figure(1e3 / line.p50),
        line.timesBestPeer.map(figure) ?? "", line.target.map(plain) ?? "", verdict ?? "",
        line.worstError.map { String(format: "%.1e", $0) } ?? "",
      ]
    }
    return [table([header] + body)] + notes.flatMap { ["", $0] }
  }
}

/// A Markdown table whose columns also line up in a terminal; the first row is the header, all
/// columns but the first are set right.
private func table(_ rows: [[String]]) -> String {
  let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
  func line(_ cells: [String]) -> String {
    let padded = cells.enumerated().map { column, cell in
      let space = String(repeating: " ", count: widths[column] - cell.count)
      return column == 0 ? cell + space : space + cell
    }
    return "| " + padded.joined(separator: " | ") + " |"
  }
  let rule = widths.enumerated().map { column, width in
    String(repeating: "-", count: max(2, width) - (column == 0 ? 0 : 1)) + (column == 0 ? "" : ":")
  }
  return
    ([line(rows[0]), "| " + rule.joined(separator: " | ") + " |"] + rows.dropFirst().map(line))
    .joined(separator: "\n")
}
