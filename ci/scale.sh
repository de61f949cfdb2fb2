#!/usr/bin/env bash
# Prints what an element costs from a million elements on, from one mapped file into another, so that
# sizes beyond 2^31 elements and beyond the memory can be seen.
#
#   ci/scale.sh [activation] [--device D] [--largest N] [--directory P]
#
#   --device D     any device of `activations devices`; the CPU by default
#   --largest N    the most elements, 1e9 by default, for which the disk holds 4 GB
#   --directory P  where the files go; by default where temporary files do
set -euo pipefail
cd "$(dirname "$0")/.."

mvn --batch-mode --quiet package -DskipTests -pl src/bench -am
exec java --add-modules jdk.incubator.vector -cp src/bench/target/activations-bench.jar \
  dev.activations.bench.ScaleMain "$@"
