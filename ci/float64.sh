#!/usr/bin/env bash
# Measures the float64 definitions (all pointwise kinds, or those named) on a dense sample of inputs
# against the exact oracle.
#
#   ci/float64.sh [kind ...] [--samples N] [--update]
#
#   --samples N  how many inputs of all sorts for each function, 10,000 by default, which takes a
#                minute or two; the worst inputs of the committed table are judged again as well
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
