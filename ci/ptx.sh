#!/usr/bin/env bash
# Compiles kernels-cuda to the PTX that the jar ships. Needs nvcc, which users do not.
#
#   ci/ptx.sh           writes what is not up to date in kernels-cuda/ptx, the PTX of a custom formula that tests replay,
#                       and kernels-cuda/instructions.csv
#   ci/ptx.sh --check   compares kernels-cuda/ptx with what nvcc makes now, compiles the sources for
#                       every architecture that nvcc knows, and assembles the PTX of every tier for
#                       each; without nvcc says so
set -euo pipefail
cd "$(dirname "$0")/../kernels-cuda"

# A tier is PTX for GPUs from a compute capability on, and for drivers that know its version of PTX;
# Tier.java has the same table. A line is: target, version, what nvcc is told.
#
# compute_75 is the oldest target of nvcc 13, but the kernels use nothing that is newer than sm_60
# and PTX 6.3; so labelled, every GPU since Pascal takes the file. The test run assembles it for them.
tiers=(
  "sm_60 6.3 compute_75"
  "sm_80 7.0 compute_80"
)

options=(-fmad=false -ftz=false)

# The gated kinds and the formula that their gate goes through; Kind has the same table. Most have no
# formula of their own.
declare -A gates=(
  [glu]=sigmoid
  [reglu]=relu
  [geglu]=gelu
  [geglu_tanh]=gelu_tanh
  [quick_geglu]=quick_gelu
  [swiglu]=silu
  [bilinear]=linear
  [swiglu_clamped]=silu
)

# Prints the names of all programs, which are their paths under ptx/TARGET: NAME for an activation in
# float32, TYPE/NAME in another element type; float64/fused/NAME for the fused passes of a pointwise
# one, which in float32 are part of its program; the sums over channels, in either type; and the one
# program of each type of 16 bits, which serves all activations.
programs() {
  local file stem
  for file in activation/*.cu; do
    stem=$(basename "$file" .cu)
    echo "$stem"
    if grep -qE "^INLINE (double|real) $stem\(" "$file"; then
      echo "float64/$stem"
      if is_pointwise "$stem"; then
        echo "float64/fused/$stem"
      fi
    fi
  done
  for stem in "${!gates[@]}"; do
    if [ ! -f "activation/$stem.cu" ]; then
      echo "$stem"
      echo "float64/$stem"
    fi
  done
  echo channel_sum
  echo float64/channel_sum
  echo float16/storage
  echo bfloat16/storage
}

# Sets `sources`, in the order in which they are joined, and `definitions`. What works over an axis
# has a fold in its file, what works over pieces of one a launch of its own; sums over channels are no
# activation and a program of their own.
describe() {
  local program=$1 stem=${1##*/}
  local function="activation/$stem.cu" gate=${gates[$stem]:-} type=${program%%/*} items
  sources=(lib/prelude.cu lib/math.cu lib/random.cu lib/rows.cu)
  if [ "$stem" = storage ]; then
    sources=(lib/prelude.cu lib/math.cu lib/storage.cu launch/elements.cu launch/storage.cu)
    definitions=("-DWIDEN=widen_$type" "-DNARROW=narrow_$type" -DITEMS=8)
    return
  fi
  # The elements of a work-item are what one access of 16 bytes moves.
  items=4
  if [ "$type" = float64 ]; then
    sources=(lib/prelude.cu lib/math64.cu lib/rows64.cu)
    items=2
  fi
  definitions=("-DFUNCTION=$stem")
  if [ "$stem" = channel_sum ]; then
    sources+=(lib/channels.cu activation/prelu.cu launch/channel_sum.cu)
    definitions=()
  elif [ -n "$gate" ] && [ -f "$function" ]; then
    sources+=(lib/runs.cu "activation/$gate.cu" "$function" launch/elements.cu launch/gated.cu)
    define "$stem"
    definitions+=("-DVALUE=${stem}_value" "-DVALUE_DERIVATIVE=${stem}_value_derivative")
  elif [ -n "$gate" ]; then
    sources+=(lib/runs.cu "activation/$gate.cu" launch/elements.cu launch/gated.cu)
    define "$gate"
  elif [ -f "launch/$stem.cu" ]; then
    sources+=(lib/runs.cu "$function" "launch/$stem.cu")
  elif over_axis "$stem"; then
    if [ "$type" = float64 ] && grep -q "^#define DRAWN 1" "$function"; then
      sources+=(lib/random.cu)
    fi
    sources+=("$function" launch/rows.cu)
  else
    if [[ $program == */fused/* ]]; then
      sources+=(lib/random.cu "$function" launch/elements.cu launch/kinks.cu launch/fused.cu)
    else
      sources+=("$function" launch/elements.cu launch/kinks.cu launch/pointwise.cu)
      if [ "$type" != float64 ]; then
        sources+=(launch/fused.cu)
      fi
    fi
    define "$stem"
  fi
  if [ "$type" = float64 ]; then
    definitions+=(-DFLOAT64)
  fi
}

# Whether a function works over an axis.
over_axis() {
  grep -qE "^INLINE (float|real) $1_fold\(" "activation/$1.cu"
}

# Whether a function works on elements by themselves.
is_pointwise() {
  ! over_axis "$1" && [ -z "${gates[$1]:-}" ] && [ ! -f "launch/$1.cu" ]
}

# Names a function to the loops. Its parameters are what follows the first one in the signature.
define() {
  local function=$1 signature commas
  signature=$(grep -oE "^INLINE (float|real) $function\((float|real) [^)]*\)" \
    "activation/$function.cu" | head -1)
  commas=${signature//[^,]/}
  definitions=("-DFUNCTION=$function" "-DDERIVATIVE=${function}_derivative")
  if grep -q " ${function}_derivative_from_output(" "activation/$function.cu"; then
    definitions+=("-DFROM_OUTPUT=${function}_derivative_from_output")
  fi
  definitions+=("-DARITY=${#commas}" "-DITEMS=$items")
}

# Runs nvcc on `sources` with the arguments given: all but the last are included before it.
compile() {
  local includes=() source
  for source in "${sources[@]::${#sources[@]}-1}"; do
    includes+=(-include "$source")
  done
  nvcc "$@" ${definitions[@]+"${definitions[@]}"} "${includes[@]}" "${sources[-1]}"
}

# Prints what the PTX of a tier made from `sources` is a function of.
header() {
  local target=$1 version=$2 architecture=$3
  cat <<EOF
// Made by ci/ptx.sh; do not edit.
// nvcc -ptx -arch=$architecture ${options[*]} ${definitions[*]}
// $compiler, labelled .version $version .target $target
// sources ${sources[*]}
// sha256 $(cat "${sources[@]}" | sha256sum | cut -d' ' -f1)
EOF
}

# Prints the PTX of a tier made from `sources`.
ptx() {
  local target=$1 version=$2 architecture=$3
  compile -ptx "-arch=$architecture" "${options[@]}" -o "$scratch/raw.ptx"
  header "$@"
  # What nvcc says about itself stands above; tabs and empty lines help nobody.
  sed -E -e 's|//.*||' -e "s/^\.version .*/.version $version/" -e "s/^\.target .*/.target $target/" \
    -e 's/[[:space:]]+$//' -e '/^$/d' "$scratch/raw.ptx"
}

check() {
  local program=$1 tier target version architecture codes=()
  describe "$program"
  for tier in "${tiers[@]}"; do
    read -r target version architecture <<<"$tier"
    # shellcheck disable=SC2086 # a tier is three words
    if ! ptx $tier | diff -u "ptx/$target/$program.ptx" - >"$scratch/difference"; then
      head -40 "$scratch/difference"
      echo "ci/ptx.sh: kernels-cuda/ptx/$target/$program.ptx is not what nvcc makes now; run ci/ptx.sh" >&2
      failures=$((failures + 1))
    fi
    for architecture in "${architectures[@]}"; do
      if [ "$architecture" -ge "${target#sm_}" ]; then
        ptxas "-arch=sm_$architecture" "ptx/$target/$program.ptx" -o "$scratch/ptx.cubin"
      fi
    done
  done
  for architecture in "${architectures[@]}"; do
    codes+=(-gencode "arch=compute_$architecture,code=sm_$architecture")
  done
  compile -fatbin "${options[@]}" "${codes[@]}" -o "$scratch/fat.bin"
  echo "$program: ${architectures[*]}"
}

if [ "${1:-}" != "" ] && [ "$1" != --check ]; then
  echo "usage: ci/ptx.sh [--check]" >&2
  exit 2
fi
if ! command -v nvcc >/dev/null || ! command -v ptxas >/dev/null; then
  if [ "${1:-}" = --check ]; then
    echo "ci/ptx.sh: no nvcc here, so the CUDA sources were not compiled; the tests have compared"
    echo "the digests in kernels-cuda/ptx with the sources and assembled the PTX"
    exit 0
  fi
  echo "ci/ptx.sh: needs nvcc and ptxas of CUDA 13: 'apt-get install cuda-nvcc-13-0' from NVIDIA's" \
    "repository, or 'pip install nvidia-cuda-nvcc'" >&2
  exit 1
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
compiler=$(nvcc --version | grep release)
mapfile -t architectures < <(nvcc --list-gpu-arch | sed 's/compute_//' | sort -n)
failures=0
for program in $(programs); do
  if [ "${1:-}" = --check ]; then
    check "$program"
  else
    describe "$program"
    for tier in "${tiers[@]}"; do
      read -r target _ <<<"$tier"
      mkdir -p "$(dirname "ptx/$target/$program")"
      # shellcheck disable=SC2086 # a tier is three words
      if ! header $tier | cmp -s - <(head -5 "ptx/$target/$program.ptx" 2>/dev/null); then
        ptx $tier >"$scratch/new.ptx"
        mv "$scratch/new.ptx" "ptx/$target/$program.ptx"
      fi
    done
  fi
done
if [ "${1:-}" != --check ]; then
  mvn --quiet --batch-mode --file .. --projects src/cuda --also-make test -Dtest=CompilerTest,AssemblyTest#instructionsAreCounted \
    -Dsurefire.failIfNoSpecifiedTests=false -Dptx.write=true
fi
exit $((failures > 0))
