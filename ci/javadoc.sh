#!/usr/bin/env bash
# Makes the site of the public Javadoc, without a warning: target/reports/apidocs.
#
#   ci/javadoc.sh                    does that
#   ci/javadoc.sh --publish REMOTE   also pushes it to the branch gh-pages of a git remote, whose
#                                    history it continues
set -euo pipefail
cd "$(dirname "$0")/.."

if [ $# -ne 0 ] && { [ $# -ne 2 ] || [ "$1" != --publish ]; }; then
  echo "usage: ci/javadoc.sh [--publish REMOTE]" >&2
  exit 2
fi

site=target/reports/apidocs
rm -rf "$site"
# What a program depends on; the command and the benchmarks have no API. One site over all modules,
# for which Maven's plugin wants a descriptor of each: so the tool itself.
modules=(src/api src/dispatch fallback-cpu src/files src/opencl src/cuda src/verify)
mvn --batch-mode --quiet compile dependency:build-classpath -Dmdep.outputFile=target/classpath \
  -Dmdep.excludeGroupIds=dev.activations -pl "$(IFS=,; echo "${modules[*]}")" -am
mkdir -p "$site"
find "${modules[@]/%//src/main/java}" -name '*.java' ! -name module-info.java >target/sources
javadoc -quiet -Werror -Xdoclint:all,-missing -encoding UTF-8 -notimestamp -d "$site" \
  -windowtitle Activations -doctitle Activations \
  -classpath "$(cat src/opencl/target/classpath):$(cat src/cuda/target/classpath):$(cat src/verify/target/classpath):$(cat src/files/target/classpath)" \
  @target/sources
echo "ci/javadoc.sh: $site/index.html"

if [ "${1:-}" = --publish ]; then
  index=$(mktemp)
  trap 'rm -f "$index"' EXIT
  rm "$index"
  touch "$site/.nojekyll"
  tree=$(GIT_INDEX_FILE=$index git --work-tree="$site" add --all --force . &&
    GIT_INDEX_FILE=$index git write-tree)
  parent=()
  if git fetch --quiet "$2" gh-pages 2>/dev/null; then
    parent=(-p "$(git rev-parse FETCH_HEAD)")
  fi
  commit=$(git commit-tree "$tree" "${parent[@]}" -m "Javadoc of $(git rev-parse --short HEAD)")
  git push --quiet "$2" "$commit:refs/heads/gh-pages"
  echo "ci/javadoc.sh: pushed to gh-pages of $2"
fi
