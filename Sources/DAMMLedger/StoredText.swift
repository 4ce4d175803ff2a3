import DAMMModel

/// What every store asks of a text before its database sees it, so that all of them refuse the same.
package enum StoredText {
  /// Throws unless `text` can be a key, or the name of a market.
  package static func checkKey(_ text: String, _ name: String) throws(StorageError) {
    let length = text.utf8.count
    guard Domain.ledgerKeyBytes.contains(length) else {
      let allowed = Domain.ledgerKeyBytes
      throw .textRefused(
        name: name,
        why: "it has \(length) bytes, but may have \(allowed.lowerBound) to \(allowed.upperBound)")
    }
    try checkCharacters(text, name)
  }

  /// Throws unless keys can begin with `text`; the empty one is that of all keys.
  package static func checkPrefix(_ text: String) throws(StorageError) {
    if !text.isEmpty { try checkKey(text, "a prefix of keys") }
  }

  /// Throws unless `text` can be a value, an action or a receipt.
  package static func checkValue(_ text: String, _ name: String) throws(StorageError) {
    let length = text.utf8.count
    guard length <= Domain.ledgerTextBytes else {
      throw .textRefused(
        name: name,
        why: "it has \(length) bytes, but may have at most \(Domain.ledgerTextBytes)")
    }
    try checkCharacters(text, name)
  }

  /// Throws unless the texts of a row can be stored.
  package static func check(_ row: LogRow) throws(StorageError) {
    if let settlement = row.settlement { try checkKey(settlement.market, "the name of a market") }
    try checkValue(row.action, "an action")
    try checkValue(row.receipt, "a receipt")
  }

  /// The least text, in the order of UTF-8, behind all that begin with `prefix`; `nil` where there is none. That
  /// order is the one of scalars, so the last scalar that has a next one is replaced by it.
  package static func end(ofPrefix prefix: String) -> String? {
    var scalars = Array(prefix.unicodeScalars)
    while let last = scalars.popLast() {
      guard last.value < 0x10_FFFF else { continue }
      // surrogates are no scalars
      let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
      scalars.append(Unicode.Scalar(next)!)
      var text = ""
      text.unicodeScalars.append(contentsOf: scalars)
      return text
    }
    return nil
  }

  // C strings end there, so that a database would see another text.
  private static func checkCharacters(_ text: String, _ name: String) throws(StorageError) {
    if text.utf8.contains(0) { throw .textRefused(name: name, why: "it has a U+0000") }
  }
}
