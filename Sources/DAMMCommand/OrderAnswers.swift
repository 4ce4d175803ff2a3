import DAMM

/// Answers the orders of a file on standard output, in their order.
struct OrderAnswers {
  let json: Bool
  /// Whether each order finds the curve as the last one left it.
  let sequence: Bool
  let convention: SigmaConvention?

  /// Quotes every order of a file.
  ///
  /// - Throws: `Refusal` when some lines were bad; all the others have been answered then.
  func run(_ file: OrderFile, on start: Curve) throws {
    var curve = start
    var output = ByteWriter()
    var (count, bad) = (0, 0)
    begin(&output)
    try file.forEach { line in
      if json, count > 0 { output.write(",") }
      try output.endRow()
      switch line.order {
      case .success(let order):
        let quote = sequence ? curve.swap(order) : curve.quote(order)
        write(quote, line.number, curve.table, to: &output)
      case .failure(let refusal):
        bad += 1
        write(refusal, line.number, to: &output)
      }
      count += 1
    }
    if json {
      try output.endRow()
      output.write("]")
    }
    try output.endRow()
    try output.finish()
    guard bad == 0 else {
      throw Refusal(
        "\(bad) of \(count) orders \(bad == 1 ? "was" : "were") refused; "
          + "the error of each such line says why.")
    }
  }

  private func begin(_ output: inout ByteWriter) {
    if json {
      output.write("[")
    } else {
      for key in QuoteAnswer.keys {
        output.write(key)
        output.write(",")
      }
      output.write("error")
    }
  }

  private func write(
    _ quote: Quote, _ line: Int, _ table: TickTable, to output: inout ByteWriter
  ) {
    let answer = QuoteAnswer(quote)
    guard json else {
      for field in answer.fields {
        output.writeCSV(field)
        output.write(",")
      }
      return
    }
    // Member by member: a record for each of a million rows takes half as long again.
    output.write("  {")
    output.writeJSONMember("line", .integer(line))
    for (key, field) in zip(QuoteAnswer.keys, answer.fields) {
      output.write(", ")
      output.writeJSONMember(key, field)
    }
    output.write(", ")
    output.writeJSONMember("relativeSigma", .number(table.relativeSigma))
    output.write(", ")
    output.writeJSONMember("sigmaConvention", Field(convention?.rawValue))
    output.write("}")
  }

  private func write(
    _ refusal: Refusal, _ line: Int, to output: inout ByteWriter
  ) {
    let error = Field.text("line \(line): \(refusal.description)")
    guard json else {
      for _ in QuoteAnswer.keys { output.write(",") }
      return output.writeCSV(error)
    }
    output.write("  ")
    output.writeJSONObject([("line", .integer(line)), ("error", error)])
  }
}
