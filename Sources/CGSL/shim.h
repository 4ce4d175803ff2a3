#ifndef CGSL_SHIM_H
#define CGSL_SHIM_H
// The one door to GSL: only the headers in use.
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_sf_erf.h>
#endif
