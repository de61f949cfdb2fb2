#!/usr/bin/env bash
# Runs the tests of src/interop that the everyday suite leaves out: those against the native libraries
# of ND4J and of DJL's PyTorch, 105 and 115 MB to download, and those of memory segments, which need a
# JDK of 22 or newer: JDK22 names its directory, else it is looked for in /usr/lib/jvm.
set -euo pipefail
cd "$(dirname "$0")/.."

tests=(-Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip=true)
mvn --batch-mode --quiet -Pinterop --projects src/interop/nd4j,src/interop/djl --also-make test \
  "-Dtest=Nd4j*,Djl*" "${tests[@]}"
echo "ci/interop.sh: ND4J and DJL work"

version() { "$1/bin/java" -XshowSettings:properties -version 2>&1 |
  sed -n 's/^ *java.specification.version = \([0-9]*\)$/\1/p'; }
for jdk in ${JDK22:-${JAVA_HOME:-} /usr/lib/jvm/*}; do
  if [ -x "$jdk/bin/javac" ] && [ "$(version "$jdk")" -ge 22 ]; then
    break
  fi
  jdk=
done
if [ -z "${jdk:-}" ]; then
  echo "ci/interop.sh: found no JDK of 22 or newer; set JDK22 to the directory of one" >&2
  exit 1
fi
JAVA_HOME=$jdk mvn --batch-mode --quiet --projects src/interop/memory --also-make package \
  "-Dtest=Segment*,DirectBuffersTest" "${tests[@]}"

jar=$(ls src/interop/memory/target/java22/activations-memory-*.jar | grep -v -e sources -e javadoc)
printed=$("$jdk/bin/java" -cp "$jar:src/api/target/classes:fallback-cpu/target/classes" \
  src/interop/memory/src/test/java22/dev/activations/memory/SegmentExample.java)
if [ "$printed" != "[-0.15865526, 0.0, 0.8413447]" ]; then
  echo "ci/interop.sh: a program with $jar printed $printed" >&2
  exit 1
fi
echo "ci/interop.sh: memory segments work, from $jar too"
