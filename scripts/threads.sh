#!/bin/sh -e
# Many threads on one pool under the thread sanitizer: it must report nothing, and a planted race it must.
# Usage: scripts/threads.sh PROGRAM

export TSAN_OPTIONS=halt_on_error=1:exitcode=66
"$1"

report=$(mktemp)
trap 'rm -f "$report"' EXIT
status=0
"$1" --planted-race >"$report" 2>&1 || status=$?
if [ "$status" != 66 ] || ! grep -q 'WARNING: ThreadSanitizer: .* race' "$report"; then
  cat "$report"
  echo "The sanitizer did not report the planted race; the status was $status." >&2
  exit 1
fi
echo "No race; the planted one was reported."
