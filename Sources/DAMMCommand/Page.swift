import DAMM

/// A page of plots and tables in one file that needs nothing else: no network, no fonts of others, and without its
/// script it only does not show values under the pointer.
struct Page {
  /// A figure that is seen first.
  struct Headline {
    let label: String
    let value: String
    let note: String
    /// Whether it is good news; `nil` for neither.
    var isGood: Bool?
  }

  let title: String
  /// Below the title.
  let subtitle: String
  var headlines: [Headline] = []
  /// What should be known before the figures are believed; empty for nothing.
  var note = ""
  /// In order: figures and tables as HTML.
  var parts: [String] = []
  /// At the end, in small letters.
  var footnote = ""

  /// The whole document.
  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(Self.escaped(title))</title>
    <style>
    \(Self.style)
    </style>
    </head>
    <body>
    <main>
    <header><h1>\(Self.escaped(title))</h1><p>\(Self.escaped(subtitle))</p></header>
    \(headlineList)
    \(note.isEmpty ? "" : "<p class=\"note\">\(Self.escaped(note))</p>")
    \(parts.joined(separator: "\n"))
    <footer><p>\(Self.escaped(footnote))</p></footer>
    </main>
    <script>
    \(Self.script)
    </script>
    </body>
    </html>

    """
  }

  private var headlineList: String {
    guard !headlines.isEmpty else { return "" }
    let items = headlines.map { headline in
      let kind = headline.isGood.map { $0 ? " class=\"good\"" : " class=\"bad\"" } ?? ""
      return
        "<div\(kind)><dt>\(Self.escaped(headline.label))</dt><dd>\(Self.escaped(headline.value))"
        + "<small>\(Self.escaped(headline.note))</small></dd></div>"
    }
    return "<dl class=\"headlines\">\(items.joined(separator: "\n"))</dl>"
  }

  /// Figures side by side where there is room.
  static func row(_ figures: [String]) -> String {
    "<div class=\"row\">\(figures.joined(separator: "\n"))</div>"
  }

  /// A table: the first row is its head, the first column its labels, those that begin with a space parts of what is
  /// above them.
  ///
  /// - Parameter areWords: whether the cells are text and no numbers.
  static func table(
    _ title: String, _ rows: [[String]], caption: String = "", areWords: Bool = false
  ) -> String {
    func cells(_ row: [String], _ kind: String) -> String {
      row.enumerated().map { index, text in
        let isPart = index == 0 && text.hasPrefix(" ")
        let kind = index == 0 ? "th scope=\"row\"\(isPart ? " class=\"part\"" : "")" : kind
        return "<\(kind)>\(escaped(text))</\(kind.prefix(2))>"
      }.joined()
    }
    let head = rows.first.map { row in
      row.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
    }
    return """
      <section class="table"><h2>\(escaped(title))</h2>\(caption.isEmpty ? "" : "<p>\(escaped(caption))</p>")
      <div class="wide\(areWords ? " words" : "")"><table><thead><tr>\(head ?? "")</tr></thead><tbody>
      \(rows.dropFirst().map { "<tr>\(cells($0, "td"))</tr>" }.joined(separator: "\n"))
      </tbody></table></div></section>
      """
  }

  /// A text as it may stand anywhere in a page.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
