import Testing

/// One test after another: most of them start processes, and some look at the clock.
@Suite(.serialized) struct LedgerTests {}
