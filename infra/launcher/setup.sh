# Sourced by ./pipeline and ./test: brings a machine to the point where the code can be built and run, and builds it.
# Everything is checked by looking for the thing itself, so other distributions and hand-made installs count too.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
stamps=$root/artifacts/stamps
configuration=Release

# Nothing here depends on a culture, and without this the SDK does not even start where there is no ICU.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-1}

say() { printf '%s\n' "$*" >&2; }
die() { say "pipeline: $*"; exit 3; }

# --- What has to be there: Debian package | probe | why -------------------------------------------------------------

needs_to_build() {
  cat <<'TABLE'
g++ | command:g++ | compiles the bridge to libtorch
cmake | command:cmake | finds libtorch and builds the bridge
make | command:make | runs the bridge's build
libtorch-dev | torch: | tensors (libtorch and its headers)
libopenblas0-pthread | library:openblas-pthread/libopenblas.so.0 | fast matrix products for libtorch
TABLE
}

needs_to_run() {
  cat <<'TABLE'
libturbojpeg0 | library:libturbojpeg.so.0 | JPEG
libpng16-16 | library:libpng16.so.16 | PNG
postgresql | postgres: | the ledger, a private PostgreSQL cluster
util-linux | command:setpriv | runs PostgreSQL as its own user when you are root
TABLE
}

needs_of_servers() {
  cat <<'TABLE'
rabbitmq-server | file:/usr/lib/rabbitmq/bin/rabbitmq-server | the broker between orchestrator and workers
nodejs | command:node | runs Azurite, the blob store
npm | azurite-or-npm: | installs Azurite
TABLE
}

present() { # PROBE
  case $1 in
    command:*) command -v "${1#*:}" >/dev/null ;;
    file:*) [ -e "${1#*:}" ] ;;
    library:*) libraries=${libraries:-$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p)}
      case $libraries in *"${1##*[:/]}"*) ;; *) compgen -G "/usr/lib/*/${1#*:}" >/dev/null ;; esac ;;
    torch:) [ -n "${LIBTORCH_PATH:-}" ] || [ -e /usr/include/torch/csrc/api/include/torch/version.h ] || [ -e /usr/include/torch/script.h ] ;;
    azurite-or-npm:) has_azurite || command -v npm >/dev/null ;;
    postgres:) command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null ;;
  esac
}

install_missing() { # NEEDS...
  local line package probe why missing=()
  while IFS='|' read -r package probe why; do
    package=${package// /} probe=${probe// /} why=${why# }
    present "$probe" && continue
    missing+=("$package")
    lines+=$'\n'"  $package: $why"
  done < <(for table in "$@"; do "$table"; done)
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || die "these are missing, and there is no apt-get to install them with:$lines"
  [ "$(id -u)" -eq 0 ] || die "these are missing:$lines
Install them with:
  sudo apt-get install --no-install-recommends ${missing[*]}"
  say "Installing:$lines"
  mkdir -p "$root/artifacts/logs"
  { apt-get update -q && install_quietly "${missing[@]}"; } >"$root/artifacts/logs/install.log" 2>&1 || { tail -n 20 "$root/artifacts/logs/install.log" >&2; die "apt-get failed; the whole log is in artifacts/logs/install.log"; }
  unset libraries
}

# Debian's packages start a broker and a database for the whole machine; ours are private processes, and those would only be in the way.
install_quietly() ( # PACKAGE...
  get() { DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"; }
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
  fi
  if [[ " $* " == *" postgresql "* ]]; then
    get postgresql-common
    sed -i 's/^#\?\s*create_main_cluster\s*=.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
  fi
  get "$@"
  if [[ " $* " == *" rabbitmq-server "* ]] && [ -d /run/systemd/system ]; then systemctl disable -q rabbitmq-server; fi
)

# --- Azurite, from npm: the exact packages of infra/azurite/package-lock.json, only if they are not there ----------------

has_azurite() { cmp -s "$root/infra/azurite/package-lock.json" "$root/artifacts/azurite/node_modules/.installed"; }

install_azurite() {
  local home=$root/artifacts/azurite log=$root/artifacts/logs/azurite.log
  mkdir -p "$home" "$root/artifacts/logs"
  if ! has_azurite; then
    say "Installing Azurite (blob storage, 190 MB from npm) into artifacts/azurite"
    cp "$root"/infra/azurite/package*.json "$home/"
    npm ci --prefix "$home" --no-audit --no-fund >"$log" 2>&1 || { tail -n 20 "$log" >&2; die "npm failed; the whole log is in artifacts/logs/azurite.log"; }
    cp "$root/infra/azurite/package-lock.json" "$home/node_modules/.installed"
  fi
  cp -u "$root/infra/azurite/durable.js" "$home/"
}

require_dotnet() {
  command -v dotnet >/dev/null || die "the .NET SDK 10 is missing; install it from https://dot.net/download (Debian: package dotnet-sdk-10.0)"
  local said
  said=$(cd "$root" && dotnet --version 2>&1) || die "this needs a .NET SDK 10 (global.json) that runs; found: $(dotnet --list-sdks 2>/dev/null | tr '\n' ' ')
dotnet says: ${said%%$'\n'   at *}"
}

# --- Which torch ----------------------------------------------------------------------------------------------------

# The machine's own libtorch where there is one or Debian has one, TorchSharp's packages otherwise (docs/design.md says why). Chosen once; delete Torch.props to choose again.
choose_torch() {
  [ -e "$root/Torch.props" ] && return
  local choice=system why
  if ! present torch: && ! offers_libtorch; then
    if why=$(no_torchsharp); then choice=cpu; else say "$why"; fi
  fi
  cat >"$root/Torch.props" <<PROPS
<Project>
  <!-- Written by the launcher, not in version control: system = the machine's libtorch, cpu or cuda = TorchSharp's packages. -->
  <PropertyGroup>
    <Torch Condition="'\$(Torch)' == ''">$choice</Torch>
  </PropertyGroup>
</Project>
PROPS
  say "Tensors: $( [ $choice = cpu ] && echo "TorchSharp's CPU packages (there is no libtorch-dev to install here)" || echo "libtorch of this machine" )"
}

offers_libtorch() {
  command -v apt-get >/dev/null || return
  apt-cache show libtorch-dev >/dev/null 2>&1 && return
  [ "$(id -u)" -eq 0 ] && apt-get update -q >/dev/null 2>&1 && apt-cache show libtorch-dev >/dev/null 2>&1
}

# Says why TorchSharp's packages are of no use here, and fails; says nothing where they are. Its bindings are looked at before the much larger libtorch is fetched.
no_torchsharp() {
  local version unloadable
  restore_torchsharp false || { echo "TorchSharp's packages cannot be restored here"; return 1; }
  version=$(sed -n 's/.*Include="TorchSharp" Version="\([^"]*\)".*/\1/p' "$root/Directory.Packages.props")
  unloadable=$(ldd "$(packages)/torchsharp/$version/runtimes/linux-x64/native/libLibTorchSharp.so" 2>&1 | grep -o "version .* not found" | sort -u | head -n 1) || true
  [ -z "$unloadable" ] || { echo "TorchSharp's package needs a newer C++ library: $unloadable"; return 1; }
  restore_torchsharp true || { echo "TorchSharp's libtorch cannot be restored here"; return 1; }
}

restore_torchsharp() { # WITH-LIBTORCH
  dotnet restore "$root/infra/launcher/torch-probe.csproj" -p:WithLibtorch="$1" --artifacts-path "$root/artifacts/torch-probe" >/dev/null 2>&1
}

packages() { dotnet nuget locals global-packages --list | sed 's/^global-packages: //; s|/$||'; }

# --- Packages that a sealed machine's feed lacks --------------------------------------------------------------------

# Azure.Storage.Blobs needs System.IO.Hashing; where that cannot be restored, the SDK's own assembly becomes the package. Looked at once.
seal_packages() {
  local feed=$root/artifacts/sealed-feed
  local log=$root/artifacts/logs/sealed.log
  [ -e "$stamps/sealed" ] && return
  mkdir -p "$root/artifacts/logs"
  if ! dotnet restore "$root/infra/sealed/blobs-probe.csproj" --artifacts-path "$root/artifacts/sealed" >"$log" 2>&1; then
    dotnet pack "$root/infra/sealed/hashing.csproj" -c $configuration -o "$feed" --artifacts-path "$root/artifacts/sealed" -v q -nologo >>"$log" 2>&1 \
      || die "System.IO.Hashing can neither be restored nor be packed from the SDK; the whole log is in artifacts/logs/sealed.log"
    say "Packed System.IO.Hashing from the .NET SDK (it cannot be restored here)"
  fi
  touch "$stamps/sealed"
}

uses_system_torch() { ! grep -q '>cpu<\|>cuda<' "$root/Torch.props"; }

# --- Building -------------------------------------------------------------------------------------------------------

# Builds PROJECT unless nothing that goes into it has changed since the last time.
build() { # PROJECT INPUT...
  local project=$1 stamp=$stamps/$(basename "$1") log=$root/artifacts/logs/build.log
  shift
  mkdir -p "$stamps" "$root/artifacts/logs"
  if [ -e "$stamp" ] && [ -z "$(cd "$root" && find "$@" Directory.Build.props Directory.Packages.props global.json Torch.props -newer "$stamp" -print -quit)" ]; then return; fi
  [ -e "$stamp" ] && say "Building what has changed ..." || say "Building for the first time, about a minute ..."
  touch "$stamp.new"
  dotnet build "$root/$project" -c $configuration -v q -nologo >"$log" 2>&1 || { grep -E 'error|warn' "$log" | sort -u | head -n 30 >&2; die "the build failed; the whole log is in artifacts/logs/build.log"; }
  mv "$stamp.new" "$stamp"
}

source "$root/infra/launcher/tune.sh"

prepare() { # run|up|test
  tune
  # Second time: one look at one file instead of a dozen probes.
  local ready=$stamps/ready-$1
  if [ ! -e "$ready" ] || [ "$root/infra/launcher/setup.sh" -nt "$ready" ]; then
    require_dotnet
    mkdir -p "$stamps"
    choose_torch
    seal_packages
    local needs=(needs_to_run)
    uses_system_torch && needs+=(needs_to_build)
    [ "$1" = run ] || needs+=(needs_of_servers)
    install_missing "${needs[@]}"
    touch "$ready"
  fi
  [ "$1" = run ] || install_azurite
}
