#!/usr/bin/env bash
# Builds a self-contained archive that runs on any 64-bit Linux with an x86 processor, GPU driver or
# not, without Java: a small Java runtime, the command, the benchmark and their native libraries.
#
#   ci/bundle.sh           writes src/cli/target/activations-VERSION-linux-x86_64.tar.gz
#   ci/bundle.sh --check   does that, unpacks it elsewhere and runs it in an empty environment
set -euo pipefail
cd "$(dirname "$0")/.."

largest=$((40 * 1000 * 1000))
# What the jars need; java.sql is only named by a CSV method that nobody calls.
modules=java.base,java.logging,java.management,java.sql,jdk.unsupported,jdk.incubator.vector
natives=(lib/libJCudaDriver-*-linux-x86_64.so lib/libJNvrtc-*-linux-x86_64.so
  lib/libJOCL_*-linux-x86_64.so)

if [ "${1:-}" != "" ] && [ "$1" != --check ]; then
  echo "usage: ci/bundle.sh [--check]" >&2
  exit 2
fi
if [ "$(uname -sm)" != "Linux x86_64" ]; then
  echo "ci/bundle.sh: builds for the machine it runs on, and knows Linux on x86_64 only" >&2
  exit 1
fi
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
if [ ! -x "$jdk/bin/jlink" ]; then
  echo "ci/bundle.sh: $jdk has no jlink; install a JDK: 'apt-get install openjdk-17-jdk-headless'" >&2
  exit 1
fi

mvn --batch-mode --quiet package -DskipTests -pl src/cli,src/bench -am
version=$(sed -n 's|^  <version>\(.*\)</version>|\1|p' pom.xml)
name=activations-$version-linux-x86_64
archive=src/cli/target/$name.tar.gz

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
bundle=$scratch/$name
mkdir -p "$bundle/bin" "$bundle/lib/native"
"$jdk/bin/jlink" --add-modules "$modules" --output "$bundle/runtime" \
  --strip-java-debug-attributes --no-header-files --no-man-pages
cp src/cli/target/activations.jar src/bench/target/activations-bench.jar "$bundle/lib"
cp src/bench/src/main/python/pytorch_bench.py "$bundle/lib"
cp src/cli/bin/activations "$bundle/bin"
ln -s activations "$bundle/bin/activations-bench"
cp src/cli/bundle/certify.sh src/cli/bundle/README.md src/docs/LICENSE src/docs/LIBRARIES.md "$bundle"
(
  cd "$scratch"
  "$jdk/bin/jar" --extract --file "$bundle/lib/activations.jar"
  # shellcheck disable=SC2206 # the names hold versions
  found=(${natives[*]})
  cp "${found[@]}" "$bundle/lib/native"
)

# Whoever gets the bundle is told whose work is in it.
for jar in "$bundle"/lib/*.jar; do
  "$jdk/bin/jar" --list --file "$jar" | sed -n 's|^META-INF/maven/\(.*\)/pom.xml$|\1|p'
done | sort -u | grep -v '^dev.activations/' | cut -d/ -f2 | while read -r artifact; do
  if ! grep -q "\b$artifact\b" "$bundle/LIBRARIES.md"; then
    echo "ci/bundle.sh: src/docs/LIBRARIES.md says nothing of $artifact" >&2
    exit 1
  fi
done

mkdir -p src/cli/target
tar --create --sort=name --owner=0 --group=0 --numeric-owner --directory="$scratch" "$name" |
  gzip -9 >"$scratch/archive"
size=$(stat --format=%s "$scratch/archive")
if [ "$size" -gt "$largest" ]; then
  echo "ci/bundle.sh: the archive has $size bytes, more than $largest" >&2
  exit 1
fi
mv "$scratch/archive" "$archive"
glibc=$(grep -aoE 'GLIBC_[0-9.]+' "$bundle/runtime/lib/server/libjvm.so" | sort -uV | tail -1)
echo "$archive: $size bytes; needs ${glibc/_/ } or newer"

if [ "${1:-}" = --check ]; then
  elsewhere="$scratch/a path with spaces"
  mkdir "$elsewhere" "$elsewhere/home"
  tar --extract --gzip --file="$archive" --directory="$elsewhere"
  ln -s "$elsewhere/$name/bin/activations" "$scratch/linked"
  printf -- '-1,0,1\n' >"$elsewhere/x.csv"
  # Nothing of this machine but a shell and its tools, and those without Java.
  mkdir "$scratch/tools"
  for tool in bash basename dirname readlink env; do
    ln -s "$(command -v "$tool")" "$scratch/tools/$tool"
  done
  alone() { env -i PATH="$scratch/tools" HOME="$elsewhere/home" "$@"; }
  (cd "$elsewhere" && alone "$scratch/linked" apply gelu x.csv y.csv) 2>"$scratch/said"
  if grep ld.so "$scratch/said"; then
    exit 1
  fi
  if [ "$(cat "$elsewhere/y.csv")" != "-0.15865526,0.0,0.8413447" ]; then
    echo "ci/bundle.sh: the bundle computed $(cat "$elsewhere/y.csv")" >&2
    exit 1
  fi
  alone "$scratch/linked" devices >"$scratch/devices"
  # The natives of the bundle are the ones that are used, so nothing is said against them.
  grep -q '^cpu:vector  *cpu  *yes' "$scratch/devices"
  if grep -i 'cannot be loaded' "$scratch/devices"; then
    exit 1
  fi
  alone "$scratch/linked" verify relu --inputs 1000 --device cpu:vector
  alone "$elsewhere/$name/bin/activations-bench" -l | grep -q PassBenchmark
  if alone "$elsewhere/$name/bin/activations-bench" -p device=abacus 2>"$scratch/said"; then
    echo "ci/bundle.sh: the benchmark took a device that is not there" >&2
    exit 1
  fi
  grep -q "no usable device matches 'abacus'" "$scratch/said"
  echo "ci/bundle.sh: the bundle works"
fi
