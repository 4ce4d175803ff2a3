import Foundation

/// A line on standard error that tells how far something has come, if that is a terminal.
struct ProgressLine {
  /// Whether anything is written.
  let shows = Terminal.showsProgress
  /// What is said before the figures.
  var title = ""

  /// Writes in place of what was there.
  func write(_ text: String) {
    if shows { put("\r\u{1B}[K\(title)\(text)") }
  }

  /// Takes the line away.
  func end() {
    if shows { put("\r\u{1B}[K") }
  }

  private func put(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
