import Foundation
import TestSupport
import Testing

/// A Chromium without a window, which opens pages as a reader's browser does.
struct Browser {
  /// The first there is; `make test` installs one where it can.
  static let program: URL? = {
    let names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let places =
      names.flatMap { name in folders.map { "\($0)/\(name)" } }
      + ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"]
    return places.first(where: FileManager.default.isExecutableFile).map { URL(filePath: $0) }
  }()

  /// Says so where there is none.
  static var isMissing: Bool {
    if program == nil {
      print("skipped: no Chromium, so pages are not opened; apt has chromium-headless-shell")
    }
    return program == nil
  }

  /// How a page is seen.
  struct View: CustomTestStringConvertible {
    let width: Int
    let height: Int
    let isDark: Bool

    var testDescription: String { "\(width) wide, \(isDark ? "dark" : "light")" }

    static let all = [1280, 390].flatMap { width in
      [false, true].map { View(width: width, height: width < 640 ? 6500 : 4600, isDark: $0) }
    }
  }

  private static func run(_ page: URL, _ view: View, _ options: [String]) async throws
    -> DammProcess
  {
    try await TemporaryFolder.with { folder in
      try await DammProcess.run(
        program ?? folder,
        [
          "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
          "--user-data-dir=\(folder.path)", "--enable-logging=stderr",
          "--blink-settings=preferredColorScheme=\(view.isDark ? 0 : 1)",
          "--window-size=\(view.width),\(view.height)", "--virtual-time-budget=2000",
        ] + options + [page.absoluteString])
    }
  }

  /// A picture of a page.
  static func picture(of page: URL, _ view: View) async throws -> Picture {
    try await TemporaryFolder.with { folder in
      let file = folder.appending(path: "picture.png")
      let run = try await run(page, view, ["--screenshot=\(file.path)"])
      guard let data = try? Data(contentsOf: file) else { throw Failure(said: run.error) }
      return try Picture(data)
    }
  }

  /// Opens a page with one more script, which ends with the id `probe` and its answer in an element, and returns that.
  static func answer<Answer: Decodable>(
    of page: URL, _ view: View, script: String, as _: Answer.Type
  ) async throws -> (answer: Answer, said: String) {
    try await TemporaryFolder.with { folder in
      let text = try String(contentsOf: page, encoding: .utf8)
      // first of all, so that no fault of the page is missed
      let faults =
        "<script>window.faults=[];addEventListener('error',e=>faults.push(e.message));</script>"
      let probed = text.replacing("<head>", with: "<head>\(faults)")
        .replacing("</body>", with: "<script>\(script)</script></body>")
      let file = folder.appending(path: "page.html")
      try probed.write(to: file, atomically: true, encoding: .utf8)
      let run = try await run(file, view, ["--dump-dom"])
      guard
        let found = run.output.firstMatch(of: /<pre id="probe">(.*)<\/pre>/.dotMatchesNewlines())
      else { throw Failure(said: run.error) }
      let json = found.1.replacing("&lt;", with: "<").replacing("&gt;", with: ">")
        .replacing("&amp;", with: "&")
      return (try JSONDecoder().decode(Answer.self, from: Data(json.utf8)), run.error)
    }
  }

  /// The browser did not do what it should.
  struct Failure: Error, CustomStringConvertible {
    let said: String
    var description: String { "the browser said: \(said.suffix(2000))" }
  }
}

/// What a page looks like from within, told by a script that measures its boxes.
struct PageProbe: Decodable {
  /// What the page's own scripts did wrong.
  let faults: [String]
  /// How wide the page is, and how wide the window.
  let scrollWidth: Int
  let innerWidth: Int
  let isDark: Bool
  /// Labels that lie over each other, over a drawing or beyond their figure, are cut, or are too small to read.
  let problems: [String]
  /// How many labels of axes are seen, and how many figures there are.
  let labels: Int
  let figures: Int
  /// What is shown under the pointer in the middle of each drawing with lines.
  let tips: [String]

  static let script = #"""
    addEventListener("load", () => {
      const problems = [], tips = [];
      let labels = 0;
      const box = e => e.getBoundingClientRect();
      const meet = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5
        && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
      const seen = e => e.getClientRects().length > 0 && box(e).width > 0;
      const figures = [...document.querySelectorAll(".plot")];
      for (const figure of figures) {
        const frame = box(figure), area = box(figure.querySelector(".area"));
        const say = (what, e) => problems.push(`${figure.id}: ${what}: ${e.textContent}`);
        for (const axis of [".ya", ".xa"]) {
          const all = [...figure.querySelectorAll(axis + " span")].filter(seen);
          labels += all.length;
          if (all.length < 2) say("too few labels on " + axis, figure.querySelector(".yt"));
          all.forEach((e, i) => {
            const b = box(e);
            if (b.left < frame.left || b.right > frame.right) say("beyond its figure", e);
            if (axis === ".ya" ? b.right > area.left : b.top < area.bottom) say("over the drawing", e);
            if (b.top < frame.top || b.bottom > frame.bottom) say("above or below its figure", e);
            if (parseFloat(getComputedStyle(e).fontSize) < 11) say("too small", e);
            for (const other of all.slice(i + 1)) if (meet(b, box(other))) say("over another", e);
          });
        }
        for (const e of figure.querySelectorAll(".legend li,figcaption,.yt,.xt")) {
          const b = box(e);
          if (b.left < frame.left || b.right > frame.right) say("beyond its figure", e);
          if (meet(b, area)) say("over the drawing", e);
          for (const span of figure.querySelectorAll(".xa span,.ya span"))
            if (seen(span) && meet(b, box(span))) say("over a label", e);
        }
        if (area.width < 200 || area.height < 150) say("too small a drawing", figure.querySelector("h2"));
        const over = figure.querySelector(".over");
        over.dispatchEvent(new PointerEvent("pointermove", { clientX: area.left + area.width / 2, bubbles: true }));
        const tip = figure.querySelector(".tip");
        if (tip) {
          tips.push(figure.id + ": " + [...tip.children].map(e => e.textContent).join("; "));
          if (box(tip).left < frame.left - 1 || box(tip).right > frame.right + 1) say("beyond its figure", tip);
        } else if (figure.querySelector("path[data-n]")) say("nothing under the pointer", figure.querySelector("h2"));
      }
      for (const e of document.querySelectorAll("h1,h2,p,dt,dd,li,th,td")) {
        if (seen(e) && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0)
          problems.push("cut: " + e.textContent);
        if (seen(e) && parseFloat(getComputedStyle(e).fontSize) < 11) problems.push("too small: " + e.textContent);
      }
      const pre = document.createElement("pre");
      pre.id = "probe";
      const answer = { faults: window.faults, scrollWidth: document.documentElement.scrollWidth,
        innerWidth, isDark: matchMedia("(prefers-color-scheme: dark)").matches, problems, labels,
        figures: figures.length, tips };
      pre.textContent = JSON.stringify(answer);
      document.body.append(pre);
    });
    """#
}
