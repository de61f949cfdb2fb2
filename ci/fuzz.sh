#!/usr/bin/env bash
# Fuzzes the readers of files (all, or those named) for some minutes each, 2 by default. An input that
# breaks one is left in src/files/src/test/resources, where every test run tries it from then on.
#
#   ci/fuzz.sh [minutes] [reader ...]
set -euo pipefail
cd "$(dirname "$0")/.."

minutes=${1:-2}
shift || true
if [[ ! $minutes =~ ^[0-9]+$ ]]; then
  echo "usage: ci/fuzz.sh [minutes] [npy|npz|safetensors|csv|raw ...]" >&2
  exit 2
fi
readers=("$@")
if [ $# -eq 0 ]; then
  readers=(npy npz safetensors csv raw)
fi

# Jazzer fuzzes one test in a run, and stops at the first input that breaks it.
status=0
for reader in "${readers[@]}"; do
  JAZZER_FUZZ=1 JAZZER_MAX_DURATION="${minutes}m" mvn --batch-mode --quiet test --projects src/files \
    --also-make "-Dtest=ReadersFuzzTest#$reader" -Dsurefire.failIfNoSpecifiedTests=false ||
    status=$?
done
if [ "$status" -ne 0 ]; then
  git status --short src/files/src/test/resources
  echo "ci/fuzz.sh: a reader was broken; mend it, and commit the input" >&2
  exit "$status"
fi
echo "ci/fuzz.sh: $minutes minutes each, and nothing found"
