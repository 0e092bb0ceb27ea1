#!/usr/bin/env bash
# Runs one of the bundle's programs by the name it is called by: ./pipeline, ./worker or ./bench. ./setup.sh comes first.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 3; }

case $(basename "$0") in
  pipeline) program=pipeline.dll ;;
  worker) program=Pipeline.GpuWorker.dll ;;
  bench) program=Pipeline.Benchmarks.dll; [ $# -gt 0 ] || { set -- --help; } ;;
  *) die "call it as ./pipeline, ./worker or ./bench" ;;
esac
[ -e "$here/env" ] && [ -e "$here/app/libpipelinetorch.so" ] || die "the bridge to libtorch is not built yet; run $here/setup.sh first"

source "$here/env"
source "$here/tune.sh"
tune
export DOTNET_ROOT=$here/dotnet
exec "$here/dotnet/dotnet" "$here/app/$program" "$@"
