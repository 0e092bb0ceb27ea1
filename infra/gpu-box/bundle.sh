#!/usr/bin/env bash
# Packs what a GPU machine without .NET, NuGet and network needs into one file: infra/gpu-box/bundle.sh [--out FILE] [--list]
# Needs the .NET SDK, and neither libtorch nor a GPU: the bridge to libtorch is built where the bundle is unpacked. README.md beside this says how.
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/../launcher/setup.sh"

name=pipeline-gpu-box
work=$root/artifacts/gpu-box
out=$work/$name.tar.xz
largest=$((64 << 20))

# In the repository | in the bundle
contents() {
  cat <<'TABLE'
infra/gpu-box/README.md | README.md
infra/gpu-box/setup.sh | setup.sh
infra/gpu-box/run.sh | run.sh
infra/launcher/tune.sh | tune.sh
src/LibTorch/native/CMakeLists.txt | native/CMakeLists.txt
src/LibTorch/native/dispatcher.cpp | native/dispatcher.cpp
tests/golden | tests/golden
models/demo | models/demo
examples | examples
LICENSE | LICENSE
TABLE
}

codecs=(libturbojpeg.so.0 libpng16.so.16 libz.so.1)

while [ $# -gt 0 ]; do
  case $1 in
    --out) [ $# -gt 1 ] || { say "--out needs a file"; exit 2; }; out=$(realpath -m "$2"); shift 2 ;;
    --list) contents; exit ;;
    *) say "unknown argument '$1'; usage: infra/gpu-box/bundle.sh [--out FILE] [--list]"; exit 2 ;;
  esac
done

# Programs: the pipeline command, the worker and the benchmarks in one folder, without the bridge.
publish() { # FOLDER
  local log=$root/artifacts/logs/gpu-box.log
  mkdir -p "$root/artifacts/logs"
  say "Publishing ..."
  # In a build of its own, since the one of every day may have other tensors; that one is analyzed, this one need not be.
  dotnet publish "$root/tests/Benchmarks/Benchmarks.csproj" -c $configuration --artifacts-path "$work/build" -o "$1" -v q -nologo \
    -p:Torch=system -p:Bridge=None -p:DebugType=none -p:RunAnalyzers=false >"$log" 2>&1 \
    || { grep -E 'error|warn' "$log" | sort -u | head -n 30 >&2; die "the publication failed; the whole log is in artifacts/logs/gpu-box.log"; }
  rm -rf "$1"/runtimes/win* "$1"/runtimes/osx* "$1"/*.xml
}

# The newest .NET 10 runtime of the SDK that is used, without what only debuggers load.
pack_runtime() { # FOLDER
  local home version part
  home=$(dirname "$(readlink -f "$(command -v dotnet)")")
  version=$(ls "$home/shared/Microsoft.AspNetCore.App" | grep -E '^10\.' | sort -V | tail -n 1)
  [ -n "$version" ] || die "$home/shared has no Microsoft.AspNetCore.App 10; install the ASP.NET Core runtime 10"
  mkdir -p "$1/host/fxr" "$1/shared"
  cp -L "$home/dotnet" "$1/"
  cp -a "$home/host/fxr/$(ls "$home/host/fxr" | sort -V | tail -n 1)" "$1/host/fxr/"
  for part in Microsoft.NETCore.App Microsoft.AspNetCore.App; do
    [ -d "$home/shared/$part/$version" ] || die "$home/shared/$part has no $version"
    mkdir -p "$1/shared/$part"
    cp -a "$home/shared/$part/$version" "$1/shared/$part/"
  done
  rm -f "$1"/shared/*/*/{createdump,libmscordaccore.so,libmscordbi.so,libcoreclrtraceptprovider.so,Microsoft.DiaSymReader.Native*,*.xml}
  for part in LICENSE.txt ThirdPartyNotices.txt; do if [ -e "$home/$part" ]; then cp "$home/$part" "$1/"; fi; done
}

pack_codecs() { # FOLDER
  local library found known
  mkdir -p "$1"
  known=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p)
  for library in "${codecs[@]}"; do
    found=$(sed -n "s/^\s*$library (libc6,x86-64).* => //p" <<<"$known")
    found=${found%%$'\n'*}
    [ -n "$found" ] || die "$library is missing; on Debian: apt-get install --no-install-recommends libturbojpeg0 libpng16-16 zlib1g"
    cp -L "$found" "$1/$library"
  done
}

[ "$(uname -m)" = x86_64 ] || die "a bundle is for x86-64, with the runtime and codecs of the machine that makes it; this is $(uname -m)"
require_dotnet
command -v xz >/dev/null || die "xz is missing; on Debian: apt-get install --no-install-recommends xz-utils"
mkdir -p "$stamps"
seal_packages

bundle=$work/$name
rm -rf "$bundle"
mkdir -p "$bundle"
publish "$bundle/app"
pack_runtime "$bundle/dotnet"
pack_codecs "$bundle/codecs"
while IFS='|' read -r source place; do
  source=$root/${source// /} place=$bundle/${place// /}
  mkdir -p "$(dirname "$place")"
  cp -a "$source" "$place"
done < <(contents)
for program in pipeline worker bench; do ln -s run.sh "$bundle/$program"; done
git -C "$root" describe --always --dirty >"$bundle/VERSION" 2>/dev/null || echo unknown >"$bundle/VERSION"

# The same content is the same file: names in order, nobody's, at the time of the last commit.
mkdir -p "$(dirname "$out")"
say "Packing ..."
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mode=u+rwX,go+rX,go-w \
  --mtime="@$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 0)" -c "$name" | xz -T0 -6 >"$out"
size=$(stat -c %s "$out")
[ "$size" -le $largest ] || die "$out has $((size >> 20)) MiB, more than the $((largest >> 20)) that it may have"
say "$out: $(awk "BEGIN { printf \"%.1f\", $size / 1048576 }") MiB"
