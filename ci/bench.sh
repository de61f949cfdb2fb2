#!/usr/bin/env bash
# Times activations on every usable device against a plain copy of the same bytes, and prints the
# shares. About three minutes by default; arguments are passed on to JMH, for example
#   ci/bench.sh -p kind=gelu,mish -p direction=forward,backward -p device=cpu:vector
set -euo pipefail
cd "$(dirname "$0")/.."

mvn --batch-mode --quiet package -DskipTests -pl src/bench -am
exec java --add-modules jdk.incubator.vector -jar src/bench/target/activations-bench.jar "$@"
