#!/usr/bin/env bash
# Builds what is needed, then runs a real batch on the best device and shows what ran where.
# Arguments are passed on to `activations demo`.
set -euo pipefail
cd "$(dirname "$0")/.."

mvn --batch-mode --quiet package -DskipTests -pl src/cli -am
src/cli/bin/activations demo "$@"
