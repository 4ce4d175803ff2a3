#if os(Linux)
  import CDAMM
  import DAMM
  import Foundation
  import TestSupport
  import Testing

  /// libdamm as `make lib` leaves it, in programs that know nothing of Swift.
  @Suite struct LibraryTests {
    static let library = Files.root.appending(path: ".build/lib")
    private static let warnings = "-std=c11 -Wall -Wextra -Werror -pedantic"

    enum Kind: String, CaseIterable, Sendable {
      case shared = "damm"
      case merged = "damm-static"

      /// What the compiler needs, as the page says it. Programs are stripped: not every valgrind reads
      /// what Swift's runtime writes for debuggers.
      var flags: String {
        let search = self == .shared ? "-Wl,-rpath,$(pkg-config --variable=libdir damm)" : "-s"
        return "$(pkg-config --cflags --libs \(rawValue)) \(search)"
      }
    }

    private func shell(_ script: String, in folder: URL) async throws -> Shell {
      try #require(
        FileManager.default.fileExists(atPath: Self.library.appending(path: "libdamm.so").path),
        "there is no library: run `make lib`")
      return try await Shell.run(
        script, in: folder,
        environment: [
          "PKG_CONFIG_PATH": Self.library.path,
          "PROGRAM": Files.root.appending(path: "Tests/DAMMC/Program").path,
        ])
    }

    /// A program gets Swift's numbers, its memory is in order, and nothing stays behind that grows.
    @Test(arguments: Kind.allCases) func aProgramInC(_ kind: Kind) async throws {
      try await TemporaryFolder.with { folder in
        let run = try await shell(
          """
          gcc \(Self.warnings) -O1 "$PROGRAM/linking.c" \(kind.flags) -o program
          ./program
          """, in: folder)
        #expect(run.status == 0 && run.error == "", "\(run.error)")
        let (got, expected) = (run.output.split(separator: "\n"), try ProgramLines().all)
        #expect(got.count == expected.count)
        for (got, expected) in zip(got, expected) { #expect(got == expected) }
        try await checkMemory(kind, in: folder)
      }
    }

    private func checkMemory(_ kind: Kind, in folder: URL) async throws {
      // What is definitely or indirectly lost is an error. Swift's runtime keeps some names until the
      // program ends by pointers that valgrind takes for possibly lost: these must not be more after
      // ten times the work.
      let check = """
        valgrind --leak-check=full --error-exitcode=9 --show-leak-kinds=definite,indirect \
        --errors-for-leak-kinds=definite,indirect ./program
        """
      guard try await shell("command -v valgrind", in: folder).status == 0 else {
        print("no valgrind: checked by gcc's sanitizer instead")
        let run = try await shell(
          """
          gcc \(Self.warnings) -fsanitize=address "$PROGRAM/linking.c" \(kind.flags) -o checked
          ./checked 10
          """, in: folder)
        #expect(run.status == 0, "\(run.error)")
        return
      }
      var lost: [String] = []
      for times in [1, 10] {
        let run = try await shell("\(check) \(times)", in: folder)
        #expect(run.status == 0, "\(run.error)")
        lost += run.error.matches(of: /possibly lost: .*/).map { String($0.0) }
      }
      #expect(lost.count == 2 && lost.first == lost.last, "\(lost)")
    }

    /// The header alone, in both languages.
    @Test func theHeaderIsCAndCPlusPlus() async throws {
      try await TemporaryFolder.with { folder in
        let run = try await shell(
          """
          echo '#include <damm.h>' > h.c
          gcc \(Self.warnings) $(pkg-config --cflags damm) -fsyntax-only h.c
          gcc -x c++ -Wall -Wextra -Werror -pedantic $(pkg-config --cflags damm) -fsyntax-only h.c \\
            || ! command -v g++
          """, in: folder)
        #expect(run.status == 0, "\(run.error)")
      }
    }

    /// Each library shows the functions of the header and nothing else; the shared one has its name and
    /// needs no Swift.
    @Test func onlyTheHeaderIsVisible() async throws {
      let header = try String(
        contentsOf: Self.library.appending(path: "damm.h"), encoding: .utf8)
      let declared = Set(header.matches(of: /\b(damm_\w+)\(/).map { String($0.1) })
      #expect(declared.count == 19)
      try await TemporaryFolder.with { folder in
        for list in ["nm -D --defined-only", "nm -g --defined-only"] {
          let file = list.contains("-D") ? "libdamm.so" : "libdamm.a"
          let run = try await shell("\(list) $PKG_CONFIG_PATH/\(file)", in: folder)
          let names = run.output.matches(of: /(?m) [A-Za-z] (\S+)$/).map { String($0.1) }
          #expect(Set(names) == declared, "\(file)")
        }
        let needs = try await shell("readelf -d $PKG_CONFIG_PATH/libdamm.so", in: folder).output
        #expect(needs.contains("soname: [libdamm.so.0]"))
        #expect(needs.contains("[libgsl.so") && !needs.contains("swift"))
      }
    }

    /// Every block of the page's part on C: the program, both ways to link it, what it prints.
    @Test func thePageRuns() async throws {
      let page = try LinkingPage()
      let (program, scripts) = (page.code("c", in: "C"), page.code("sh", in: "C"))
      let shown = page.code("text", in: "C")
      try #require(program.count == 1 && scripts.count == 2 && shown.count == 1)
      #expect(page.languages(in: "C") == ["c", "sh", "text"])
      for script in scripts {
        try await TemporaryFolder.with { folder in
          try Data(program[0].utf8).write(to: folder.appending(path: "quote.c"))
          let run = try await shell(
            script.replacing("/path/to/damm", with: Files.root.path), in: folder)
          #expect(run.status == 0 && run.output == shown[0], "\(run.error)")
        }
      }
    }
  }
#endif
