import DAMM
import Foundation
import Testing

/// `damm iv` on single options and on files of them.
@Suite("damm iv")
struct IVCommandTests {
  private struct Answer: Decodable {
    let line: Int?
    let impliedVolatility: Double?
    let totalDeviation: Double?
    let condition: Double?
    let expiryDays: Double?
    let model: String?
    let quotation: String?
    let error: String?
  }

  private static let option = [
    "--forward", "100", "--strike", "110", "--expiry-days", "30", "--premium", "1.5",
  ]

  private func implied(
    _ premium: Double, _ model: OptionContract.Model = .black,
    _ quotation: OptionContract.Quotation = .cash
  ) throws -> ImpliedDeviation {
    try OptionContract(.call, forward: 100, strike: 110)
      .implied(premium: premium, model: model, quotation: quotation)
  }

  @Test("answers with the digits of the library")
  func json() async throws {
    for (flags, expected) in [
      ([], try implied(1.5)), (["--model", "normal"], try implied(1.5, .normal)),
      (["--inverse"], nil),
    ] as [([String], ImpliedDeviation?)] {
      let run = try await DammProcess.run(
        ["iv"] + Self.option + ["--type", "call", "--json"] + flags)
      guard let expected else {
        #expect(run.status == 1)
        #expect(run.error.contains("premium is 1.5") && run.error.contains("less than 1.0"))
        continue
      }
      #expect(run.status == 0)
      let answer = try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
      #expect(answer.totalDeviation == expected.deviation)
      #expect(answer.impliedVolatility == expected.volatility(years: 30.0 / 365))
      #expect(answer.condition == expected.condition)
      #expect(answer.expiryDays == 30)
      #expect(answer.quotation == "cash")
      #expect(answer.model == (flags.isEmpty ? "black" : "normal"))
    }
  }

  @Test("shows what it used")
  func text() async throws {
    let run = try await DammProcess.run(["iv"] + Self.option + ["--type", "call"])
    let expected = try implied(1.5)
    for text in [
      "\(expected.volatility(years: 30.0 / 365)) a year", "\(expected.deviation)", "call",
      "forward 100", "strike 110", "30 days", "365 days", "black model", "1.5 in cash",
    ] { #expect(run.output.contains(text), "\(text)") }
  }

  @Test("answers every line of a file, and says what is wrong with the others")
  func files() async throws {
    let input = Data(
      """
      forward,strike,expiryDays,premium,type
      100,110,30,1.5,call
      100,110,30,1.5,put

      100,110,30,x,call
      100,110,0,1.5,call
      100,110,30,1.5
      100,110,30,2.5,call

      """.utf8)
    let csv = try await DammProcess.run(["iv", "--quotes", "-"], input: input)
    #expect(csv.status == 1)
    #expect(csv.error.contains("4 of 6 options were refused"))
    let lines = csv.output.split(separator: "\n")
    #expect(lines.count == 7)
    #expect(lines[0] == "impliedVolatility,totalDeviation,condition,error")
    #expect(lines[2].contains("line 3: the premium is 1.5, but it must be more than the intrinsic"))
    #expect(lines[3].contains("line 5: premium is 'x'"))
    #expect(lines[4].contains("line 6: expiryDays is '0'"))
    #expect(lines[5].contains("line 7: there are 4 fields"))
    let json = try await DammProcess.run(["iv", "--quotes", "-", "--json"], input: input)
    let answers = try JSONDecoder().decode([Answer].self, from: Data(json.output.utf8))
    let answered = answers.map { $0.error == nil }
    #expect(answered == [true, false, false, false, false, true])
    let expected = (try implied(1.5), try implied(2.5))
    #expect(answers[0].totalDeviation == expected.0.deviation)
    #expect(answers[5].line == 8 && answers[5].totalDeviation == expected.1.deviation)
    #expect(lines[1].hasPrefix("\(answers[0].impliedVolatility ?? 0),"))
  }

  @Test(
    "refuses",
    arguments: [
      (["--forward", "100"], 64, "Give --forward, --strike"),
      (option + ["--type", "call", "--quotes", "-"], 64, "takes the place of"),
      (option + ["--type", "swap"], 64, "swap"),
      (option + ["--type", "put"], 1, "intrinsic value 10"),
      (option + ["--type", "call", "--quotes", "/nonexistent/file"], 64, "takes the place of"),
      (["--quotes", "/nonexistent/file"], 1, "/nonexistent/file"),
    ])
  func refuses(arguments: [String], status: Int, message: String) async throws {
    let run = try await DammProcess.run(["iv"] + arguments)
    #expect(Int(run.status) == status)
    #expect(run.error.contains(message), "\(run.error)")
    #expect(run.output.isEmpty)
  }

  /// The same bytes on every instruction set.
  @Test("gives the same bytes everywhere")
  func sameBytes() async throws {
    var file = "forward,strike,expiryDays,premium,type\n"
    for i in 1...300 {
      let strike = 60 + Double(i) / 3
      let contract = try OptionContract(.call, forward: 100, strike: strike)
      let premium = try contract.premium(deviation: 0.1 + Double(i * i % 97) / 70)
      file += "100,\(strike),30,\(premium),call\n"
    }
    let runs = [[:], ["DAMM_KERNEL": "scalar"], ["DAMM_KERNEL": "avx2"]]
    var outputs: Set<String> = []
    for environment in runs {
      let run = try await DammProcess.run(
        ["iv", "--quotes", "-"], input: Data(file.utf8), environment: environment)
      #expect(run.status == 0, "\(run.error)")
      #expect(run.output.split(separator: "\n").count == 301)
      outputs.insert(run.output)
    }
    #expect(outputs.count == 1)
  }
}
