# Sourced by the launcher and by infra/gpu-box/run.sh: the environment that tensors run well in.

tune() {
  # Left to itself glibc raises its threshold for mapped memory and keeps freed tensors: the resident set grows with every forward pass.
  # With both thresholds fixed it stays flat; lower ones pay for it in page faults (48 images: 12.5 s of system time at 1 MiB, 6.9 s here).
  export MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-33554432} MALLOC_TRIM_THRESHOLD_=${MALLOC_TRIM_THRESHOLD_:-268435456}
  # Threads that spin while they wait make a busy machine crawl: a run of 16 images beside other work took 123 s, and 27 s with this.
  export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}
  # OpenBLAS 0.3.21 takes newer processors for Haswell and makes half their speed.
  if [ -z "${OPENBLAS_CORETYPE:-}" ] && grep -qm1 -w avx512f /proc/cpuinfo && grep -qm1 -w avx512bw /proc/cpuinfo; then export OPENBLAS_CORETYPE=SKYLAKEX; fi
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
}
