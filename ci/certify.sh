#!/usr/bin/env bash
# Takes the bundle to a machine with a GPU, certifies it there, and brings the reports back.
# The machine needs a driver and a way in by ssh, and nothing else.
#
#   ci/certify.sh user@host [options of certify.sh in the bundle] [folder]
#
# The folder is where the reports go here; reports-DATE by default.
set -euo pipefail

if [ $# -eq 0 ] || [ "${1#-}" != "$1" ]; then
  echo "usage: ci/certify.sh user@host [--device D] [--exhaustive] [--quick] [folder]" >&2
  exit 2
fi
host=$1
shift
options=()
folder=$PWD/reports-$(date +%Y-%m-%d)
while [ $# -gt 0 ]; do
  case $1 in
    --device) options+=("$1" "${2:?--device needs a value}"); shift ;;
    -*) options+=("$1") ;;
    *) folder=$(realpath "$1") ;;
  esac
  shift
done

cd "$(dirname "$0")/.."
ci/bundle.sh
archive=$(ls -t src/cli/target/activations-*-linux-x86_64.tar.gz | head -1)
name=$(basename "$archive" .tar.gz)

there=$(ssh "$host" mktemp -d)
trap 'ssh "$host" rm -rf "$there"' EXIT
scp -q "$archive" "$host:$there/"
ssh "$host" "cd '$there' && tar xzf '$name.tar.gz'"
code=0
ssh "$host" "cd '$there' && '$name/certify.sh' $(printf '%q ' ${options[@]+"${options[@]}"}) reports" || code=$?
mkdir -p "$folder"
scp -q -r "$host:$there/reports/." "$folder"
echo "The reports are in $folder"
exit $code
