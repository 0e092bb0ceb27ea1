using System.Diagnostics;

namespace Pipeline.EndToEnd.Tests;

/// <summary>What can be held of <c>infra/gpu-box</c> without packing a bundle: what goes into it, and what its scripts say where something is missing.</summary>
public sealed class GpuBoxTests : IDisposable
{
    private static readonly string Source = Path.Combine(PipelineCommand.Repository, "infra", "gpu-box");

    private readonly string bundle = Directory.CreateTempSubdirectory("gpu-box-").FullName;

    [Fact]
    public async Task Everything_that_goes_into_a_bundle_is_in_the_repository()
    {
        var listing = (await BashAsync(Path.Combine(Source, "bundle.sh"), "--list")).ShouldExitWith(0).Output;

        var entries = listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        entries.Select(entry => entry[0]).Where(path => !Path.Exists(Path.Combine(PipelineCommand.Repository, path))).ShouldBeEmpty();
        string[] needed = ["setup.sh", "run.sh", "tune.sh", "native/CMakeLists.txt", "tests/golden", "models/demo"];
        needed.Except(entries.Select(entry => entry[1])).ShouldBeEmpty();
        Directory.GetFiles(Path.Combine(PipelineCommand.Repository, "src", "LibTorch", "native")).Select(file => $"native/{Path.GetFileName(file)}")
            .Except(entries.Select(entry => entry[1])).ShouldBeEmpty("the bridge is built from these");
    }

    [Theory]
    [InlineData("bundle.sh")]
    [InlineData("run.sh")]
    [InlineData("setup.sh")]
    [InlineData("try.sh")]
    public async Task A_script_is_executable_and_sound(string script)
    {
        var file = Path.Combine(Source, script);
        (await BashAsync("-n", file)).ShouldExitWith(0);
        (await BashAsync("-c", $"test -x '{file}'")).ShouldExitWith(0);
        (await BashAsync(file, "--nonsense")).ExitCode.ShouldBeOneOf(2, 3);
    }

    [Fact]
    public async Task A_program_before_the_setup_says_what_to_run()
    {
        Unpack("run.sh", "setup.sh");
        File.CreateSymbolicLink(Path.Combine(bundle, "pipeline"), "run.sh");

        var outcome = (await BashAsync(Path.Combine(bundle, "pipeline"), "model", "verify")).ShouldExitWith(3);

        outcome.Errors.ShouldContain($"run {bundle}/setup.sh first");
    }

    [Theory]
    [InlineData("--python", "/does/not/exist", "there is no '/does/not/exist'")]
    [InlineData("--python", "false", "'false' cannot import torch")]
    [InlineData("--torch", "/tmp", "/tmp is no libtorch; expected a folder with include/ATen/ATen.h and lib/")]
    public async Task A_setup_without_a_torch_says_what_to_name(string option, string value, string message)
    {
        Unpack("setup.sh");

        var outcome = (await BashAsync(Path.Combine(bundle, "setup.sh"), option, value)).ShouldExitWith(3);

        outcome.Errors.ShouldContain(message);
        File.Exists(Path.Combine(bundle, "env")).ShouldBeFalse();
    }

    public void Dispose() => Directory.Delete(bundle, recursive: true);

    private void Unpack(params string[] scripts)
    {
        foreach (var script in scripts)
            File.Copy(Path.Combine(Source, script), Path.Combine(bundle, script));
    }

    private static async Task<CommandOutcome> BashAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        return await PipelineCommand.FinishAsync(process);
    }
}
