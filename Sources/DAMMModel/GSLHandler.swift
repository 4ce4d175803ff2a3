import Synchronization

/// The turn to change GSL's error handler, which belongs to the whole process and aborts it by default.
///
/// Who needs it off saves it, turns it off, calls GSL and puts it back, all while holding this lock: it
/// is one for all modules, for of two that overlap the second would save and put back the first one's.
/// What a program does with GSL itself in another thread meanwhile is beyond it.
package enum GSLHandler {
  /// Held from the saving of the handler until it is back.
  package static let turn = Mutex(())
}
