#!/usr/bin/env bash
# Runs this library, libtorch, oneDNN, ONNX Runtime and ND4J on the same arrays in one run, and writes
# their speeds and largest errors to src/bench/peers/target/peers.md and peers.json. Downloads 350 MB
# the first time. About an hour and a half; arguments are passed on to JMH, for example
#   ci/peers.sh -p kind=gelu,sigmoid -p direction=forward -p count=100000 -p threads=1
set -euo pipefail
cd "$(dirname "$0")/.."

home=src/bench/peers
# Bindings that need different versions of JavaCPP have class paths of their own.
mvn --batch-mode --quiet -Ppeers test dependency:build-classpath \
  -pl $home,$home/bytedeco,$home/nd4j -am -Dmdep.outputFile=target/classpath -DincludeScope=runtime \
  -Dtest='dev/activations/peers/*' -Dsurefire.failIfNoSpecifiedTests=false
exec java --add-modules jdk.incubator.vector -Dpeers.home=$home \
  -cp "$home/target/classes:$(cat $home/target/classpath)" dev.activations.peers.Main "$@"
