import Foundation
import Testing

/// The same input gives the same bytes, whatever the processor and the version of libm it selects.
@Suite("the same bytes everywhere")
struct ReproducibilityTests {
  /// Makes glibc choose as it would on a processor without these.
  private static let masked = [
    "GLIBC_TUNABLES":
      "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F,-AVX512DQ,-AVX512VL,-AVX512BW,-AVX2_Usable,-FMA_Usable"
  ]
  private static let scalar = ["DAMM_KERNEL": "scalar"]
  /// Where AVX2 is absent, this is the widest there is.
  private static let avx2 = ["DAMM_KERNEL": "avx2"]
  private static let environments: [(name: String, variables: [String: String])] = [
    ("default", [:]), ("scalar kernel", scalar), ("AVX2 kernel", avx2), ("masked", masked),
    ("masked, scalar kernel", masked.merging(scalar) { $1 }),
  ]

  @Test(
    "of every tick, and of answers to orders",
    arguments: [
      ["curve", "--ticks", "--json"],
      ["curve", "--ticks", "--json", "--shape", "log-normal"],
      ["curve", "--ticks", "--json", "--shape", "log-normal", "--sigma", "23", "--tick-bps", "3"],
      ["quote", "--orders", "-", "--json"],
      ["quote", "--orders", "-", "--shape", "log-normal", "--sequence"],
    ])
  func sameBytes(_ command: [String]) async throws {
    let input = Data(try OrderFixture.orders(400).file.utf8)
    let example = command.contains("--sigma") ? Self.wide : DammProcess.example
    var expected: String?
    for environment in Self.environments {
      let run = try await DammProcess.run(
        command + example, input: command[0] == "quote" ? input : Data(),
        environment: environment.variables)
      #expect(run.status == 0)
      #expect(run.output.utf8.count > 10_000)
      print("\(Self.hash(run.output))  \(command.joined(separator: " ")): \(environment.name)")
      let first = expected ?? run.output
      expected = first
      #expect(run.output == first, "\(command) \(environment.name)")
    }
  }

  private static let wide = ["--price", "100", "--reserve-a", "1000", "--reserve-b", "10"]

  /// The masks must do something, or the test above says nothing: seen from outside, the loader no
  /// longer offers libraries for AVX2, and `exp` of the libm that awk uses has other last digits.
  @Test("the masks take effect on libm")
  func masksTakeEffect() async throws {
    let loader = "/lib64/ld-linux-x86-64.so.2"
    let before = try await DammProcess.shell("\(loader) --help")
    guard before.output.contains("x86-64-v3 (supported") else {
      return print("no glibc that tells of AVX2 and FMA: the masks may have nothing to mask")
    }
    let after = try await DammProcess.shell("\(loader) --help", environment: Self.masked)
    #expect(after.output.contains("x86-64-v2 (supported"))
    #expect(!after.output.contains("x86-64-v3 (supported"))

    let exponentials =
      "awk 'BEGIN { for (i = 1; i < 200000; i++) printf \"%.17g\\n\", exp(i * 0.0037 - 300) }'"
    let (plain, masked) = (
      try await DammProcess.shell(exponentials),
      try await DammProcess.shell(exponentials, environment: Self.masked)
    )
    #expect(plain.status == 0 && masked.status == 0, "awk is needed here")
    let different = zip(plain.lines, masked.lines).count { $0 != $1 }
    print("\(different) of \(plain.lines.count) exponentials of libm differ when masked")
    #expect(different > 0)
  }

  /// FNV-1a.
  private static func hash(_ text: String) -> String {
    let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    return String(hash, radix: 16)
  }
}
