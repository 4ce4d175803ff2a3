import DAMMCommand
import Foundation
import TestSupport
import Testing

@Suite("JSON")
struct OutputTests {
  @Test("numbers read back to the same bits")
  func numbers() throws {
    let numbers: [Double] = [
      .leastNonzeroMagnitude, .leastNormalMagnitude, .leastNormalMagnitude.nextDown,
      .greatestFiniteMagnitude, 1e-7, 1e21, 1e22, 1e23, 0.1 + 0.2, 1 / 3, -0.0,
      9_007_199_254_740_994, 1.2345678901234567e17, .pi, 1 - 0x1p-53, 1 + 0x1p-52, 5e-5,
      100.12109282770146,
    ]
    let text = try Output.encoder().encode(numbers)
    let back = try JSONDecoder().decode([Double].self, from: text)
    #expect(back.map(\.bitPattern) == numbers.map(\.bitPattern))
    // and to a reader that has nothing of Foundation
    let parts = String(decoding: text, as: UTF8.self).dropFirst().dropLast().split(separator: ",")
    #expect(parts.map { Double($0)?.bitPattern } == numbers.map(\.bitPattern))
  }

  @Test("random bits read back, too")
  func randomNumbers() throws {
    var random = SplitMix64(seed: RandomCurves.seed("numbers in JSON", 11))
    let numbers = (0..<10_000).map { _ in Double(bitPattern: random.next()) }.filter(\.isFinite)
    let back = try JSONDecoder().decode([Double].self, from: Output.encoder().encode(numbers))
    for (number, other) in zip(numbers, back) {
      #expect(number.bitPattern == other.bitPattern, "\(number)")
    }
  }

  private struct Value: Encodable {
    let b: Double
    @OrNull var a: Int?
    let c: String
  }

  @Test("keys stand in order, none is null, infinity is a text")
  func values() throws {
    let value = Value(b: .infinity, a: nil, c: "x/\"\n")
    let text = String(decoding: try Output.encoder().encode(value), as: UTF8.self)
    #expect(text == #"{"a":null,"b":"inf","c":"x/\"\n"}"#)
    let other = Value(b: 1, a: 2, c: "")
    #expect(
      String(decoding: try Output.encoder().encode(other), as: UTF8.self)
        == #"{"a":2,"b":1,"c":""}"#)
  }

  @Test(
    "a reader that goes away ends every answer quietly",
    arguments: ["--tick-bps 0.1 --ticks --json", "--tick-bps 0.1 --ticks", "--json"])
  func brokenPipe(_ options: String) async throws {
    for trap in ["", "trap '' PIPE; "] {
      let run = try await DammProcess.shell(
        "\(trap)\"$DAMM\" curve \(DammProcess.example.joined(separator: " ")) \(options) | true")
      #expect(run.error.isEmpty)
      let orders = try await DammProcess.shell(
        """
        \(trap){ echo side,kind,value,limit; seq -f buy,amount,%g, 20000; } | \
        "$DAMM" quote \(DammProcess.example.joined(separator: " ")) --orders - --json | head -2
        """)
      #expect(orders.lines.count == 2)
      #expect(orders.error.isEmpty)
    }
  }
}
