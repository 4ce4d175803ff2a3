#!/usr/bin/env bash
# Links libdamm from the archive that `swift build -c release --product DAMMC` made, into a folder:
#
#   libdamm.so        its soname is libdamm.so.0, a link beside it; needs GSL and the system's own libraries
#   libdamm.a         one object: what the archive and Swift's static runtime give for the functions of damm.h
#   damm.h            the header
#   damm.pc, damm-static.pc    for pkg-config; they work wherever the folder is
#
# Nothing but the functions of the header is visible in either. Swift's runtime is linked in, so that
# programs need no Swift. No compiler flags are asked for: the objects are those of an ordinary build.
#
# Usage: scripts/lib.sh ARCHIVE FOLDER
set -euo pipefail
archive=$1 folder=$2
header="$(dirname "$0")/../Sources/CDAMM/include/damm.h"
[ "$(uname -s)" = Linux ] || { echo "make lib is for Linux; elsewhere build the product DAMMCDynamic." >&2; exit 1; }

mkdir -p "$folder"
work=$(mktemp -d "$folder/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
runtime=$(swiftc -static-stdlib -print-target-info |
  sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')/linux

ld -r -o "$work/ours.o" --whole-archive "$archive"

# what our objects ask for, as the compiler wrote it into them
swift-autolink-extract "$work/ours.o" -o "$work/wanted"
swift_libraries=$(grep '^-lswift' "$work/wanted" | sort -u | tr '\n' ' ')

echo '{ global: damm_*; local: *; };' >"$work/exports"
swiftc -static-stdlib -use-ld=lld -emit-library -o "$work/libdamm.so" "$work/ours.o" \
  -Xlinker -soname=libdamm.so.0 -Xlinker --version-script="$work/exports" \
  -Xlinker --gc-sections -Xlinker --as-needed -Xlinker -s

# shellcheck disable=SC2086
ld -r --force-group-allocation -o "$work/merged.o" "$work/ours.o" \
  "$runtime/$(uname -m)/swiftrt.o" -L"$runtime" \
  --start-group $swift_libraries -ldispatch -lBlocksRuntime --end-group
objcopy --wildcard --keep-global-symbol='damm_*' --strip-debug "$work/merged.o" "$work/damm.o"
rm -f "$work/libdamm.a"
ar rcs "$work/libdamm.a" "$work/damm.o"

version=$(sed -n 's/^#define DAMM_VERSION "\(.*\)"/\1/p' "$header")
pc() { # name, libraries
  cat <<EOF
libdir=\${pcfiledir}
includedir=\${pcfiledir}

Name: $1
Description: quotes from a dynamic, distributed automated market maker
Version: $version
Cflags: -I\${includedir}
Libs: $2
EOF
}
# shellcheck disable=SC2016
pc damm '-L${libdir} -ldamm' >"$work/damm.pc"
# shellcheck disable=SC2016
pc damm-static '${libdir}/libdamm.a -lgsl -lgslcblas -lstdc++ -lm -lpthread -ldl' >"$work/damm-static.pc"

cp "$header" "$work/damm.h"
# moved at the end and one by one: a program that has the old library open keeps it
for file in libdamm.so libdamm.a damm.h damm.pc damm-static.pc; do
  mv -f "$work/$file" "$folder/$file"
done
ln -sf libdamm.so "$folder/libdamm.so.0"
