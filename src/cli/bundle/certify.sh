#!/usr/bin/env bash
# Certifies this machine's device: holds it against the definition, times it, and compares it with the
# other devices here, data on the host included, and with PyTorch where that is installed. Leaves all
# reports in one folder.
#
#   ./certify.sh [--device cuda] [--exhaustive] [--quick] [folder]
#
#   --device D     any device of `bin/activations devices`; cuda by default
#   --exhaustive   takes every function through all 2^32 inputs, too
#   --quick        small sizes and short measurements, to try the script out
#   folder         reports-DATE by default
#
# The exit code is 0 if every step that could run went well.
set -uo pipefail
here=$(dirname "$(readlink -f "$0")")

device=cuda
folder=
verify=()
sizes=1048576,16777216,268435456
passes=50
timing=(-wi 3 -w 500ms -i 5 -r 300ms)
comparing=()
while [ $# -gt 0 ]; do
  case $1 in
    --device) device=${2:?--device needs a value}; shift ;;
    --exhaustive) verify+=(--exhaustive) ;;
    --quick)
      sizes=65536
      passes=5
      timing=(-wi 1 -w 100ms -i 1 -r 100ms)
      comparing=(--op relu,gelu --size 65536 --warm-up 0.1)
      verify+=(--inputs 10000)
      ;;
    -*) echo "certify.sh: unknown option $1" >&2; exit 2 ;;
    *) folder=$1 ;;
  esac
  shift
done
folder=${folder:-reports-$(date +%Y-%m-%d)}
mkdir -p "$folder" || exit 2

steps=()
failed=0
# Runs a step; its name goes into the summary with how it went.
step() {
  local name=$1
  shift
  echo "== $name"
  if "$@"; then
    steps+=("ok      $name")
  else
    steps+=("FAILED  $name")
    failed=1
  fi
}
skip() {
  echo "== $1"
  steps+=("skipped $1: $2")
}

find_devices() {
  "$here/bin/activations" devices --json >"$folder/devices.json" &&
    "$here/bin/activations" devices | tee "$folder/devices.txt"
}
verify_device() {
  "$here/bin/activations" verify --device "$device" ${verify[@]+"${verify[@]}"} \
    --report "$folder/verify.txt" --report "$folder/verify.json" --report "$folder/verify.html"
}
time_device() {
  "$here/bin/activations-bench" PassBenchmark -p device="$device" -p data=device \
    -p kind=linear,relu,leaky_relu,sigmoid,tanh,elu,softplus,gelu,silu,mish,hard_swish,softmax \
    -p direction=forward,backward -p count="$sizes" -p passes="$passes" "${timing[@]}" \
    -foe true -rf json -rff "$folder/bench.json" >"$folder/bench.log" &&
    sed -n '/^device  *kind/,$p' "$folder/bench.log" | tee "$folder/bench.txt"
}
# Charts need a Java that draws: 'activations bench show' makes them of the JSON elsewhere.
compare_devices() {
  "$here/bin/activations" bench --quiet ${comparing[@]+"${comparing[@]}"} \
    --report "$folder/devices-bench.md" --report "$folder/devices-bench.json" \
    --report "$folder/devices-bench.jmh.json"
}
compare_with_pytorch() {
  python3 "$here/lib/pytorch_bench.py" --sizes "$sizes" --passes "$passes" \
    --json "$folder/pytorch.json" | tee "$folder/pytorch.txt"
}

date --iso-8601=seconds >"$folder/date.txt"
if command -v nvidia-smi >/dev/null; then
  step "describe the driver" sh -c 'nvidia-smi -q >"$1"' sh "$folder/nvidia-smi.txt"
else
  skip "describe the driver" "no nvidia-smi here"
fi
step "find devices" find_devices
step "verify $device" verify_device
step "time $device" time_device
step "compare it with the other devices" compare_devices
if ! command -v python3 >/dev/null || ! python3 -c 'import torch' 2>/dev/null; then
  skip "compare with PyTorch" "python3 has no module torch"
elif ! python3 -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; then
  skip "compare with PyTorch" "it sees no CUDA device"
else
  step "compare with PyTorch" compare_with_pytorch
fi

printf '%s\n' "${steps[@]}" | tee "$folder/summary.txt"
exit $failed
