#!/usr/bin/env bash
# Builds everything and runs every test, OpenCL and CUDA on the CPU included, and the bundle.
# Arguments are passed on to Maven.
set -euo pipefail
cd "$(dirname "$0")/.."

ci/install.sh ocl-icd-libopencl1 pocl-opencl-icd g++
mvn --batch-mode verify "$@"
ci/bundle.sh --check
