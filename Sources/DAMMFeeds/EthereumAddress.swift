/// The address of a contract: 20 bytes.
///
/// The checksum that mixed capitals may carry is not looked at; where no contract lies, a node says so.
public struct EthereumAddress: Sendable, Hashable, CustomStringConvertible {
  /// `0x` and 40 hexadecimal digits, in small letters.
  public let description: String

  /// Reads `0x` and 40 hexadecimal digits, capitals or not.
  ///
  /// - Throws: `NodeError.badAddress`.
  public init(_ text: String) throws(NodeError) {
    guard text.utf8.count == 42, text.hasPrefix("0x"),
      text.utf8.dropFirst(2).allSatisfy({ HexBytes.digit($0) != nil })
    else { throw .badAddress(found: text) }
    description = text.lowercased()
  }
}
