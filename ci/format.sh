#!/usr/bin/env bash
# Formats the Java sources and the kernels, and copies each OpenCL kernel over its CUDA twin.
# Run ci/ptx.sh afterwards if a kernel changed. The Java formatter needs JDK 17 to 21.
set -euo pipefail
cd "$(dirname "$0")/.."

ci/install.sh clang-format
clang-format -i kernels-cl/*/*.cl kernels-cuda/lib/prelude.cu
for kernel in kernels-cl/*/*.cl; do
  room=$(basename "$(dirname "$kernel")")
  stem=$(basename "$kernel" .cl)
  if [ "$stem" != prelude ]; then
    cp "$kernel" "kernels-cuda/$room/$stem.cu"
  fi
done
# The first project, the bill of versions, has no Java and no formatter.
mvn --batch-mode --quiet --projects '!src/bom' spotless:apply
