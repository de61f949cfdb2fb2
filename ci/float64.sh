#!/usr/bin/env bash
# Measures the float64 definitions (all pointwise kinds, or those named) on a dense sample of inputs
# against the exact oracle.
#
#   ci/float64.sh [kind ...] [--density N] [--update]
#
#   --density N  samples from each of five sources of random numbers; 10,000 by default, which takes
#                a minute or two for each function
#   --update     writes the largest errors to the committed table
set -euo pipefail
cd "$(dirname "$0")/.."

table=src/verify/src/main/resources/dev/activations/verify/float64.csv
arguments=()
for argument in "$@"; do
  arguments+=("$argument")
  if [ "$argument" = --update ]; then
    arguments+=("$table")
  fi
done

mvn --batch-mode --quiet package -DskipTests -pl src/bench -am
exec java -cp src/bench/target/activations-bench.jar \
  dev.activations.bench.Float64Main ${arguments[@]+"${arguments[@]}"}
