#!/usr/bin/env bash
# Takes a function (or all of them) through all 2^32 inputs on a device and compares the digest of
# its values with the committed one.
#
#   ci/exhaustive.sh [kind] [direction] [--device D] [--measure] [--update]
#
#   --device D   any device of `activations devices`; the CPU by default
#   --measure    measures the largest errors against the oracle as well: minutes for each function
#   --update     writes digest and errors to the committed table
set -euo pipefail
cd "$(dirname "$0")/.."

table=src/verify/src/main/resources/dev/activations/verify/exhaustive.csv
arguments=()
for argument in "$@"; do
  arguments+=("$argument")
  if [ "$argument" = --update ]; then
    arguments+=("$table")
  fi
done

mvn --batch-mode --quiet package -DskipTests -pl src/bench -am
exec java --add-modules jdk.incubator.vector -cp src/bench/target/activations-bench.jar \
  dev.activations.bench.ExhaustiveMain "${arguments[@]}"
