// The kernels of one instruction set, from one source. Included last by each `isa_*.c`.
#include "lanes.h"

#include "body_masses.h"
#include "body_accumulate.h"
#include "body_swap.h"

#define CK_KERNEL_SET(NAME)                                                                      \
  {                                                                                              \
    .name = NAME, .uniform_buckets = uniform_buckets, .buckets = buckets,                        \
    .log_edges = log_edges, .normalise = normalise, .accumulate = accumulate, .swap = swap,      \
    .fraction = fraction, .coordinate = coordinate, .offered = offered, .between = between       \
  }
