import CDAMM
import DAMM
import DAMMReplay

/// What `damm sweep --plan` prints: all that an engine needs to spread cells over machines.
struct SweepPlan: Encodable {
  /// Version of the command.
  let damm = DAMM_VERSION
  /// Fingerprint of the steps: on every machine the same.
  let inputs: String
  /// Fingerprint of the base and the columns: the same.
  let setup: String
  let steps: Int
  let schema: [SweepAnswer.Column]
  let cells: [Cell]

  struct Cell: Encodable {
    let key: String
    let parameters: [String: String]
  }

  init(_ sweep: Sweep) {
    inputs = sweep.inputs.fingerprint
    setup = sweep.identity.setup
    steps = sweep.inputs.steps.count
    schema = SweepAnswer.columns
    let grid = sweep.identity.grid
    cells = (0..<grid.count).map { index in
      let cell = grid.cell(index)
      return Cell(
        key: cell.key,
        parameters: Dictionary(uniqueKeysWithValues: cell.settings.map { ($0.name, $0.value) }))
    }
  }
}

/// The JSON of `damm sweep`. Rows are written as stores have them: the digits of a number are those of the CSV.
enum SweepAnswer {
  /// A column.
  struct Column: Encodable {
    let name: String
    let type: String
    let unit: String
    let meaning: String
    let role: String
  }

  static let columns = SweepColumn.all.map {
    Column(
      name: $0.name, type: $0.kind.rawValue, unit: $0.unit, meaning: $0.meaning,
      role: $0.role.rawValue)
  }

  /// The columns as text.
  static func schema() throws -> String {
    let encoder = Output.encoder()
    encoder.outputFormatting.insert(.prettyPrinted)
    return String(decoding: try encoder.encode(columns), as: UTF8.self)
  }

  private static func text(_ value: some Encodable) throws -> String {
    String(decoding: try Output.encoder().encode(value), as: UTF8.self)
  }

  /// What `--cell` prints.
  static func cell(_ sweep: Sweep, _ cell: SweepCell, _ row: SweepRow) throws -> String {
    try "{\"damm\":\(text(DAMM_VERSION)),\"inputs\":\(text(sweep.inputs.fingerprint)),"
      + "\"setup\":\(text(sweep.identity.setup)),\"key\":\(text(cell.key)),\"row\":\(row.json)}"
  }

  private struct Front: Encodable {
    let objectives: [String]
    let compared: Int
    let front: [String]
  }

  /// Writes what `--json` prints: a row a line.
  static func write(_ report: SweepReport) throws {
    var output = ByteWriter()
    let identity = report.sweep.identity
    let front = Front(
      objectives: report.wanted.objectives.map { "\($0.column.name):\($0.better.rawValue)" },
      compared: report.pareto.compared, front: report.pareto.front.map { report.grid.cell($0).key })
    let fields: [(String, String)] = [
      ("damm", try text(DAMM_VERSION)), ("inputs", try text(report.sweep.inputs.fingerprint)),
      ("setup", try text(identity.setup)), ("steps", "\(report.sweep.inputs.steps.count)"),
      ("grid", try text(report.grid.axes)), ("schema", try text(columns)),
      ("pareto", try text(front)),
    ]
    output.write("{")
    for (name, value) in fields {
      output.write("\"\(name)\":\(value),")
      try output.endRow()
    }
    output.write("\"rows\":[")
    for (index, row) in report.rows.enumerated() {
      if index > 0 { output.write(",") }
      try output.endRow()
      output.write(row.json)
    }
    output.write("]}")
    try output.endRow()
    try output.finish()
  }
}
