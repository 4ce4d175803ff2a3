#ifndef CGSL_SHIM_H
#define CGSL_SHIM_H
// The one door to GSL: only the headers in use.
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sf_erf.h>

// Tables of types are mutable globals of C, which Swift does not read.
static inline const gsl_rng_type *cgsl_rng_mt19937(void) { return gsl_rng_mt19937; }
static inline const gsl_multimin_fminimizer_type *cgsl_nmsimplex2(void) {
  return gsl_multimin_fminimizer_nmsimplex2;
}
#endif
