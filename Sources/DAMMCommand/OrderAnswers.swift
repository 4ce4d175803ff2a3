import DAMM

/// Answers the orders of a file on standard output, in their order.
struct OrderAnswers {
  let json: Bool
  /// Whether each order finds the curve as the last one left it.
  let sequence: Bool
  let convention: SigmaConvention?

  /// Why a line has no answer, as an object of JSON.
  private struct Refused: Encodable {
    let line: Int
    let error: String
  }

  /// Quotes every order of a file.
  ///
  /// - Throws: `Refusal` when some lines were bad; all the others have been answered then.
  func run(_ file: OrderFile, on start: Curve) throws {
    let (count, bad) = try json ? writeJSON(file, start) : writeCSV(file, start)
    guard bad == 0 else {
      throw Refusal(
        "\(bad) of \(count) orders \(bad == 1 ? "was" : "were") refused; "
          + "the error of each such line says why.")
    }
  }

  private func writeJSON(_ file: OrderFile, _ start: Curve) throws -> (count: Int, bad: Int) {
    var output = JSONArray()
    let counts = try forEach(file, start) { line, answer in
      switch answer {
      case .success(let answer): try output.append(answer)
      case .failure(let refusal):
        try output.append(Refused(line: line, error: Self.error(refusal, line)))
      }
    }
    try output.finish()
    return counts
  }

  private func writeCSV(_ file: OrderFile, _ start: Curve) throws -> (count: Int, bad: Int) {
    var output = ByteWriter()
    output.write((QuoteAnswer.columns + ["error"]).joined(separator: ","))
    try output.endRow()
    let counts = try forEach(file, start) { line, answer in
      switch answer {
      case .success(let answer): output.write(answer.cells.joined(separator: ",") + ",")
      case .failure(let refusal):
        let error = Self.error(refusal, line).replacing("\"", with: "\"\"")
        output.write(String(repeating: ",", count: QuoteAnswer.columns.count) + "\"\(error)\"")
      }
      try output.endRow()
    }
    try output.finish()
    return counts
  }

  /// Hands every line's answer out, and counts the lines and the bad ones.
  private func forEach(
    _ file: OrderFile, _ start: Curve, _ body: (Int, Result<QuoteAnswer, Refusal>) throws -> Void
  ) throws -> (count: Int, bad: Int) {
    var curve = start
    var (count, bad) = (0, 0)
    try file.forEach { line in
      count += 1
      switch line.order {
      case .success(let order):
        let quote = sequence ? curve.swap(order) : curve.quote(order)
        let answer = QuoteAnswer(
          quote, line: line.number, relativeSigma: start.table.relativeSigma,
          convention: convention)
        try body(line.number, .success(answer))
      case .failure(let refusal):
        bad += 1
        try body(line.number, .failure(refusal))
      }
    }
    return (count, bad)
  }

  private static func error(_ refusal: Refusal, _ line: Int) -> String {
    "line \(line): \(refusal.description)"
  }
}
