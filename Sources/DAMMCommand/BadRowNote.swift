import DAMMFeeds

/// What standard error says of rows that were left out.
enum BadRowNote {
  /// A line for the file and one for each report; nothing where no row was left out.
  static func text(_ rows: BadRows, of name: String) -> String {
    guard rows.count > 0 else { return "" }
    let others = rows.count - rows.reports.count
    let head =
      "\(name): \(rows.count == 1 ? "1 row is" : "\(rows.count) rows are") left out"
      + (others > 0 ? "; the first \(rows.reports.count):" : ":")
    return ([head] + rows.reports.map { "  \($0)" }).joined(separator: "\n") + "\n"
  }
}
