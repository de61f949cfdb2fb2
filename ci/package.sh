#!/usr/bin/env bash
# Packages every artifact with its sources and its Javadoc, and uses them as another project would:
# src/consumer is built outside the reactor with the CPU alone, then with OpenCL, then with CUDA.
# All of it happens in a repository of its own, target/repository; nothing goes to the user's.
#
#   ci/package.sh                   does that
#   ci/package.sh --reproducible    also builds everything again, and compares each file
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" != "" ] && [ "$1" != --reproducible ]; then
  echo "usage: ci/package.sh [--reproducible]" >&2
  exit 2
fi
ci/install.sh ocl-icd-libopencl1 pocl-opencl-icd

# What was downloaded once is not downloaded again: the user's repository is where the other begins.
mkdir -p target
mvn --batch-mode --quiet help:evaluate -Dexpression=settings.localRepository -Doutput="$PWD/target/own"
own=$(cat target/own)
repository=$PWD/target/repository
rm -rf "$repository"
cp -r "$own" "$repository"
rm -rf "$repository/dev/activations"
maven=(mvn --batch-mode --quiet "-Dmaven.repo.local=$repository")

"${maven[@]}" install -Prelease -DskipTests -Dspotless.check.skip=true
version=$(sed -n 's|^  <version>\(.*\)</version>|\1|p' pom.xml)
for artifact in activations activations-api activations-cpu activations-opencl activations-cuda \
  activations-nd4j activations-djl activations-arrow activations-memory activations-files; do
  for classifier in "" -sources -javadoc; do
    file=$repository/dev/activations/$artifact/$version/$artifact-$version$classifier.jar
    if [ ! -s "$file" ]; then
      echo "ci/package.sh: $(basename "$file") was not made" >&2
      exit 1
    fi
  done
done

for backend in cpu opencl cuda; do
  profile=()
  if [ "$backend" != cpu ]; then
    profile=("-P$backend")
  fi
  "${maven[@]}" --file src/consumer/pom.xml "-DbuildDirectory=$PWD/target/consumer-$backend" \
    test "${profile[@]}"
  echo "ci/package.sh: a project with $backend works"
done

modules=$(find "$repository/org/jocl" -name 'jocl-*.jar')
for artifact in activations activations-api activations-cpu activations-opencl activations-kernels-cl; do
  modules+=:$repository/dev/activations/$artifact/$version/$artifact-$version.jar
done
java --module-path "$modules" --add-modules dev.activations,dev.activations.opencl,jdk.incubator.vector \
  src/consumer/Modules.java >target/modules
for device in cpu:vector cpu:scalar opencl:0; do
  if ! grep -qx "$device" target/modules; then
    echo "ci/package.sh: $device is not usable on the module path" >&2
    exit 1
  fi
done
echo "ci/package.sh: modules work on $(paste -sd' ' target/modules)"

if [ "${1:-}" = --reproducible ]; then
  digests() { (cd "$repository/dev/activations" && sha256sum -- */*/*.jar */*/*.pom); }
  digests >target/first
  elsewhere=$(mktemp -d)
  trap 'rm -rf "$elsewhere"' EXIT
  git ls-files -z --cached --others --exclude-standard |
    tar --create --null --files-from=- | tar --extract --directory="$elsewhere"
  (cd "$elsewhere" && "${maven[@]}" install -Prelease -DskipTests -Dspotless.check.skip=true)
  digests >target/second
  if ! diff target/first target/second; then
    echo "ci/package.sh: a second build, in another directory, gives other files" >&2
    exit 1
  fi
  echo "ci/package.sh: a second build, in another directory, gives the same $(wc -l <target/first) files"
fi
