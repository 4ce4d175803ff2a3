// The kernels of one instruction set, from one source. Included last by each `isa_*.c`.
#include "lanes.h"
#include "elementary.h"

#include "body_masses.h"
#include "body_table.h"
#include "body_accumulate.h"
#include "body_decay.h"
#include "body_swap.h"
#include "body_leg.h"
#include "body_quote.h"
#include "body_fee.h"
#include "body_order.h"
#include "body_batch.h"
#include "body_sequence.h"
#include "body_form.h"
#include "body_lots.h"
#include "body_span.h"
#include "body_ledger.h"
#include "body_anchor.h"
#include "body_volatility.h"

#define CK_KERNEL_SET(NAME)                                                                      \
  {                                                                                              \
    .name = NAME, .uniform_buckets = uniform_buckets, .buckets = buckets, .mirror = mirror,      \
    .log_edges = log_edges, .normalise = normalise, .accumulate = accumulate, .guides = guides,  \
    .accumulate_fees = accumulate_fees, .fee_rate = fee_rate, .decay = decay,                     \
    .quote = quote, .swap = swap, .quotes = quotes, .swaps = swaps,                              \
    .quotes_across = quotes_across, .place_inside = place_inside, .form = form,               \
    .reform = reform, .first_outside = first_outside,                                            \
    .fraction = fraction, .coordinate = coordinate, .offered = offered, .between = between,      \
    .anchor = anchor, .stand_after = stand_after, .standing = standing, .swap_lots = swap_lots, .held_after = held_after, \
    .place_after = place_after, .lots_with = lots_with, .lots_before = lots_before,                                      \
    .implied = implied, .implied_many = implied_many, .premium = premium                         \
  }
