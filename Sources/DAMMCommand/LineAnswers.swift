/// An answer that fits a row of a table.
protocol LineAnswer: Encodable {
  static var columns: [String] { get }
  var cells: [String] { get }
}

/// Answers the lines of a file on standard output, in their order: CSV with a column for what is wrong with
/// a line, or an array of JSON.
struct LineAnswers {
  let json: Bool
  /// What a line asks, for the sentence that counts: orders, say.
  let questions: String

  /// Why a line has no answer, as an object of JSON.
  private struct Refused: Encodable {
    let line: Int
    let error: String
  }

  /// Answers every line of a file.
  ///
  /// - Parameters:
  ///   - file: the questions.
  ///   - answer: from the number of a line and its fields to the answer.
  /// - Throws: `Refusal` when some lines were bad; all the others have been answered then.
  func run<Answer: LineAnswer>(
    _ file: LineFile, _ answer: (Int, [String]) throws(Refusal) -> Answer
  ) throws {
    let (count, bad) = try json ? writeJSON(file, answer) : writeCSV(file, answer)
    guard bad == 0 else {
      throw Refusal(
        "\(bad) of \(count) \(questions) \(bad == 1 ? "was" : "were") refused; "
          + "the error of each such line says why.")
    }
  }

  private func writeJSON<Answer: LineAnswer>(
    _ file: LineFile, _ answer: (Int, [String]) throws(Refusal) -> Answer
  ) throws -> (count: Int, bad: Int) {
    var output = JSONArray()
    let counts = try forEach(file, answer) { line, answer in
      switch answer {
      case .success(let answer): try output.append(answer)
      case .failure(let refusal):
        try output.append(Refused(line: line, error: Self.error(refusal, line)))
      }
    }
    try output.finish()
    return counts
  }

  private func writeCSV<Answer: LineAnswer>(
    _ file: LineFile, _ answer: (Int, [String]) throws(Refusal) -> Answer
  ) throws -> (count: Int, bad: Int) {
    var output = ByteWriter()
    output.write((Answer.columns + ["error"]).joined(separator: ","))
    try output.endRow()
    let counts = try forEach(file, answer) { line, answer in
      switch answer {
      case .success(let answer): output.write(answer.cells.joined(separator: ",") + ",")
      case .failure(let refusal):
        let error = Self.error(refusal, line).replacing("\"", with: "\"\"")
        output.write(String(repeating: ",", count: Answer.columns.count) + "\"\(error)\"")
      }
      try output.endRow()
    }
    try output.finish()
    return counts
  }

  /// Hands every line's answer out, and counts the lines and the bad ones.
  private func forEach<Answer: LineAnswer>(
    _ file: LineFile, _ answer: (Int, [String]) throws(Refusal) -> Answer,
    _ body: (Int, Result<Answer, Refusal>) throws -> Void
  ) throws -> (count: Int, bad: Int) {
    var (count, bad) = (0, 0)
    try file.forEach { line in
      count += 1
      let answered = line.fields.flatMap { fields in
        Result { () throws(Refusal) in try answer(line.number, fields) }
      }
      if case .failure = answered { bad += 1 }
      try body(line.number, answered)
    }
    return (count, bad)
  }

  private static func error(_ refusal: Refusal, _ line: Int) -> String {
    "line \(line): \(refusal.description)"
  }
}
