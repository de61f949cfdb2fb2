#!/usr/bin/env bash
# Runs this library, libtorch and ONNX Runtime on the same arrays in one run, and writes their speeds
# and largest errors to src/bench/peers/target/peers.md and peers.json. Downloads 190 MB the first
# time. About twelve minutes; arguments are passed on to JMH, for example
#   ci/peers.sh -p kind=gelu,sigmoid -p direction=forward -p count=100000 -p threads=2
set -euo pipefail
cd "$(dirname "$0")/.."

room=src/bench/peers
mvn --batch-mode --quiet -Ppeers compile dependency:build-classpath \
  -Dmdep.outputFile=target/classpath -Dmdep.excludeGroupIds=dev.activations -pl $room -am
own=src/api/target/classes:fallback-cpu/target/classes:src/dispatch/target/classes:src/verify/target/classes
exec java --add-modules jdk.incubator.vector -Dpeers.out=$room/target \
  -cp "$room/target/classes:$own:$(cat $room/target/classpath)" dev.activations.peers.Main "$@"
