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

export OCL_ICD_VENDORS="$work/vendors"
export OCLGRIND_CHECK_API=1 OCLGRIND_DATA_RACES=1 OCLGRIND_UNINITIALIZED=1
export OCLGRIND_LOG="$work/report"
# Optimised code holds intrinsics that Oclgrind's interpreter does not know.
export OCLGRIND_BUILD_OPTIONS=-cl-opt-disable
status=0
mvn --batch-mode test --projects src/opencl --also-make \
  -Dtest=SmallPassesTest -Dsurefire.failIfNoSpecifiedTests=false "$@" ||
  status=$?

# Oclgrind writes its log when it starts: none means that something else ran.
if [ ! -e "$work/report" ]; then
  echo "ci/oclgrind.sh: Oclgrind has not run" >&2
  exit 1
fi
if [ -s "$work/report" ]; then
  cat "$work/report"
  echo "ci/oclgrind.sh: Oclgrind reports the above" >&2
  exit 1
fi
if [ "$status" -ne 0 ]; then
  exit "$status"
fi
echo "ci/oclgrind.sh: every kernel is clean"
