#!/usr/bin/env bash
# Runs every OpenCL kernel over few elements on Oclgrind, which interprets each instruction and
# reports accesses out of bounds, races, uninitialised values and wrong calls. Fails on any report.
# Arguments are passed on to Maven.
set -euo pipefail
cd "$(dirname "$0")/.."

ci/install.sh ocl-icd-libopencl1 oclgrind
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# As a driver of its own: under the command `oclgrind`, which preloads a library, Java crashes.
mkdir "$work/vendors"
dpkg --listfiles oclgrind | grep 'liboclgrind-rt-icd\.so$' >"$work/vendors/oclgrind.icd"

# Each context opens the log anew and truncates it, which a pipe survives; descriptor 3 keeps it open.
mkfifo "$work/log"
cat "$work/log" >"$work/report" &
reader=$!
exec 3>"$work/log"

export OCL_ICD_VENDORS="$work/vendors"
export OCLGRIND_LOG="$work/log"
export OCLGRIND_CHECK_API=1 OCLGRIND_DATA_RACES=1 OCLGRIND_UNINITIALIZED=1
# Optimised code holds intrinsics that Oclgrind's interpreter does not know.
export OCLGRIND_BUILD_OPTIONS=-cl-opt-disable
status=0
mvn --batch-mode test --projects src/opencl --also-make \
  -Dtest.cache=off -Dtest=SmallPassesTest -Dsurefire.failIfNoSpecifiedTests=false "$@" 3>&- ||
  status=$?
exec 3>&-
wait "$reader"

if [ -s "$work/report" ]; then
  head --lines=200 "$work/report"
  echo "ci/oclgrind.sh: Oclgrind reports the above" >&2
  exit 1
fi
if [ "$status" -ne 0 ]; then
  exit "$status"
fi
echo "ci/oclgrind.sh: every kernel is clean"
