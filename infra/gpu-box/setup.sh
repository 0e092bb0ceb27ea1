#!/usr/bin/env bash
# Builds the bridge to this machine's libtorch and tries it. Run it once where the bundle is unpacked, and again when torch has changed:
#   ./setup.sh [--python PYTHON] [--torch DIR] [--no-try]
# PYTHON  the interpreter whose torch is used; default: python3
# DIR     a libtorch without Python: the folder that holds include/ and lib/
# Writes into this folder only: build/, lib/, env and app/libpipelinetorch.so. Needs no root, network, .NET or CUDA toolkit.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
say() { printf '%s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 3; }
usage() { sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }

python=${PYTHON:-python3} torch=${TORCH_DIR:-} try=yes
while [ $# -gt 0 ]; do
  case $1 in
    --python) [ $# -gt 1 ] || usage; python=$2; shift 2 ;;
    --torch) [ $# -gt 1 ] || usage; torch=$2; shift 2 ;;
    --no-try) try=no; shift ;;
    *) usage ;;
  esac
done

[ "$(uname -m)" = x86_64 ] || die "the bundle is for x86-64; this is $(uname -m)"
missing=()
for tool in cmake g++; do command -v $tool >/dev/null || missing+=("$tool"); done
command -v make >/dev/null || command -v ninja >/dev/null || missing+=("make (or ninja)")
[ ${#missing[@]} -eq 0 ] || die "these are missing: ${missing[*]}. cmake and ninja are Python packages too: pip install cmake ninja"

# --- Where libtorch is ------------------------------------------------------------------------------------------------

# The folders of pip's CUDA packages stand beside torch's; torch names them by paths relative to its own, which a copied or linked
# environment may break, so they are named here as well.
ask_python() {
  "$python" - <<'PYTHON'
import glob, os, torch
home = os.path.dirname(os.path.abspath(torch.__file__))
print("torch_version=" + torch.__version__)
print("torch_home=" + home)
print("torch_prefix=" + torch.utils.cmake_prefix_path)
print("torch_abi=" + str(int(torch._C._GLIBCXX_USE_CXX11_ABI)))
print("torch_cuda=" + (torch.version.cuda or "none"))
print("torch_devices=" + str(torch.cuda.device_count() if torch.cuda.is_available() else 0))
for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
    print("device=" + "cuda:%d %s, %.0f GiB" % (index, torch.cuda.get_device_name(index), torch.cuda.get_device_properties(index).total_memory / 2**30))
for folder in sorted(glob.glob(os.path.join(os.path.dirname(home), "nvidia", "*", "lib"))):
    print("nvidia=" + folder)
PYTHON
}

torch_cuda=unknown torch_devices=unknown torch_abi= libraries=() prefix=
if [ -n "$torch" ]; then
  [ -e "$torch/include/ATen/ATen.h" ] && [ -d "$torch/lib" ] || die "$torch is no libtorch; expected a folder with include/ATen/ATen.h and lib/"
  prefix=$(cd "$torch" && pwd)/share/cmake libraries=("$(cd "$torch" && pwd)/lib")
  say "libtorch        $torch"
else
  command -v "$python" >/dev/null || die "there is no '$python'; name the interpreter whose torch is to be used: ./setup.sh --python PYTHON, or a libtorch: --torch DIR"
  answer=$(ask_python) || die "'$python' cannot import torch (above it says why); name another interpreter: ./setup.sh --python PYTHON, or a libtorch: --torch DIR"
  while IFS='=' read -r key value; do
    case $key in
      torch_*) printf -v "$key" %s "$value" ;;
      nvidia) libraries+=("$value") ;;
      device) say "device          $value" ;;
    esac
  done <<<"$answer"
  say "python          $(command -v "$python")"
  say "torch           $torch_version in $torch_home"
  say "CUDA            $torch_cuda, $torch_devices devices"
  libraries=("$torch_home/lib" "${libraries[@]}")
  # Debian's torch has its headers and libraries where the system has all others.
  if [ -e "$torch_home/include/ATen/ATen.h" ]; then prefix=$torch_prefix
  elif [ ! -e /usr/include/ATen/ATen.h ]; then die "$torch_home has no headers (include/ATen); on Debian they are in libtorch-dev, elsewhere install torch by pip"; fi
fi

# --- The bridge -------------------------------------------------------------------------------------------------------

rm -rf "$here/build"
mkdir -p "$here/build"
configure=(cmake -S "$here/native" -B "$here/build" -DCMAKE_BUILD_TYPE=Release)
[ -z "$prefix" ] || configure+=("-DCMAKE_PREFIX_PATH=$prefix")
[ -z "$torch_abi" ] || configure+=("-DCMAKE_CXX_FLAGS=-D_GLIBCXX_USE_CXX11_ABI=$torch_abi")
command -v make >/dev/null || configure+=(-G Ninja)
say "building        $here/app/libpipelinetorch.so ($(g++ --version | head -n 1))"
{ "${configure[@]}" && cmake --build "$here/build"; } >"$here/build/log" 2>&1 || { tail -n 40 "$here/build/log" >&2; die "the bridge cannot be built; the whole log is in $here/build/log"; }
cp "$here/build/libpipelinetorch.so" "$here/app/"

# --- The environment --------------------------------------------------------------------------------------------------

# Image codecs of the machine where it has them; of the bundle where not.
loads() { local needs; needs=$(ldd "$1" 2>&1) && [[ $needs != *"not found"* ]]; }
known=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null || true)
system_has() { [[ $known == *"$1 (libc6,x86-64)"* ]]; }
rm -rf "$here/lib"
mkdir -p "$here/lib"
for codec in "$here"/codecs/*; do
  if system_has "$(basename "$codec")"; then say "codec           $(basename "$codec") of this machine"; continue; fi
  ln -s "../codecs/$(basename "$codec")" "$here/lib/"
  say "codec           $(basename "$codec") of the bundle"
done
for codec in "$here"/lib/*; do
  if [ -e "$codec" ] && ! LD_LIBRARY_PATH=$here/lib loads "$codec"; then say "warning: $(basename "$codec") does not load here; install the machine's own to read images"; fi
done

path=$here/lib
for folder in "${libraries[@]}"; do path+=:$folder; done
cat >"$here/env" <<ENV
# Written by setup.sh.
export LD_LIBRARY_PATH='$path'\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}
ENV

# --- Does it work? ----------------------------------------------------------------------------------------------------

[ "$try" = yes ] || exit 0
source "$here/env"
device=cpu
if [ "$torch_devices" != 0 ]; then
  for folder in "${libraries[@]}"; do
    [ -e "$folder/libtorch_cuda.so" ] || continue
    device=auto
    [ "$torch_devices" = unknown ] || device=cuda
    unresolved=$(ldd "$folder/libtorch_cuda.so" | grep 'not found' || true)
    [ -z "$unresolved" ] || say "warning: libtorch_cuda.so lacks libraries, so there will be no CUDA:"$'\n'"$unresolved"
  done
fi
say "trying          pipeline model verify tests/golden --group llama --device $device"
cd "$here"
./pipeline model verify tests/golden --group llama --device $device | tail -n 1 || die "the bridge is built but does not work; run the command above to see more"
say "ready           ./pipeline --help, ./worker, ./bench; README.md says more"
