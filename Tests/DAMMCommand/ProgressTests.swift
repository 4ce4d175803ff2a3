import DAMMCommand
import Foundation
import TestSupport
import Testing

@Suite("progress on a terminal")
struct ProgressTests {
  @Test("part, rate and time left in words")
  func words() {
    func text(_ done: Int, _ total: Int?, _ rate: Double?, _ unit: ProgressBar.Unit = .bytes)
      -> String
    {
      ProgressBar.text(done, of: total, unit, perSecond: rate, elapsed: 61)
    }
    #expect(
      text(25_000_000, 100_000_000, 5e6)
        == "[#####---------------] 25 % of 100.0 MB, 5.0 MB a second, 15 s left")
    #expect(text(1, 3, nil, .things("cells")) == "[######--------------] 33 % of 3 cells")
    #expect(
      text(1, 1000, 0.25, .things("cells"))
        == "[--------------------] 0 % of 1000 cells, 0.2 cells a second, 1:06 h left")
    #expect(text(7000, nil, 2e9) == "7.0 kB, 2.0 GB a second, 1:01 min so far")
    #expect(text(9, 3, 1).hasPrefix("[####################] 100 %"))
    #expect(!text(1, 3, 0).contains("left") && text(0, 0, 1).contains("so far"))
    #expect(text(1, .max, 1e-300).contains("days left"))
  }

  @Test("a terminal sees a bar, which is gone at the end; a file sees nothing")
  func terminal() async throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/script") else {
      print("skipped: no program `script` to make a terminal with")
      return
    }
    try await TemporaryFolder.with { folder in
      let path = folder.appending(path: "path.csv").path
      let made = try await DammProcess.shell(
        "$DAMM path --price 3000 --iv 0.8 --steps 400000 --step-seconds 1 > \(path)")
      #expect(made.status == 0)
      let replay = "$DAMM replay \(path) --fee-bps 5 --json"
      // the answer goes elsewhere, so that the terminal shows the bar alone
      let line = "\(replay) > \(folder.path)/answer"
      #if os(Linux)
        let shown = try await DammProcess.shell("script -qec '\(line)' /dev/null < /dev/null")
      #else
        let shown = try await DammProcess.shell("script -q /dev/null sh -c '\(line)' < /dev/null")
      #endif
      #expect(shown.output.contains("] "), "\(shown.output.debugDescription)")
      #expect(shown.output.contains(/\[#*-*\] \d+ % of 1\d\.\d MB, .* a second, \d+ s left/))
      #expect(shown.output.hasSuffix("\r\u{1B}[K"))
      let plain = try await DammProcess.shell(replay)
      #expect(plain.status == 0 && plain.error.isEmpty)
    }
  }
}
