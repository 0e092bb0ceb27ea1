#!/usr/bin/env bash
# Unpacks a bundle into a folder of its own and sets it up where there is no network, no dotnet in the PATH and none of this repository's settings,
# as on the machine that it is for: infra/gpu-box/try.sh [--bundle FILE] [--root DIR] [-- SETUP OPTIONS]
# DIR is the root of another Debian to try it in (as root; it needs g++, cmake, make, xz and Python's torch), such as one that debootstrap made.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
bundle=$root/artifacts/gpu-box/pipeline-gpu-box.tar.xz other=/
usage() { sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --bundle) [ $# -gt 1 ] || usage; bundle=$2; shift 2 ;;
    --root) [ $# -gt 1 ] || usage; other=$(realpath "$2"); shift 2 ;;
    --) shift; break ;;
    *) usage ;;
  esac
done
[ -e "$bundle" ] || { echo "try: $bundle does not exist; infra/gpu-box/bundle.sh makes it" >&2; exit 3; }

place=$(mktemp -d "${other%/}/tmp/gpu-box.XXXXXX")
trap 'rm -rf "$place"' EXIT
tar -C "$place" -xf "$bundle"
inside=/${place#"${other%/}/"}/pipeline-gpu-box

# A chroot of / is no other root, so that one way serves both; without root the network is cut off in a user namespace.
isolated=(unshare --net)
[ "$(id -u)" -eq 0 ] || isolated+=(--map-root-user)
isolated+=(chroot "$other" env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/nonexistent)
hide='if command -v dotnet >/dev/null; then
  mkdir -p "$1/path"
  for tool in /usr/local/bin/* /usr/bin/* /bin/*; do [ "${tool##*/}" = dotnet ] || tools+=("$tool"); done
  ln -sf "${tools[@]}" "$1/path/"
  PATH=$1/path
fi
shift
exec "$@"'
try() { "${isolated[@]}" bash -c "$hide" try "$inside" "$@"; }

try "$inside/setup.sh" "$@"
for dtype in float32 bfloat16; do
  echo "pipeline model verify tests/golden --device auto --dtype $dtype"
  try "$inside/pipeline" model verify "$inside/tests/golden" --device auto --dtype $dtype | tail -n 1
done
