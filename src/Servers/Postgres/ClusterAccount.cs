using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Servers.Postgres;

/// <summary>Runs PostgreSQL's programs as an account they accept: they refuse root, so root becomes <c>postgres</c>.</summary>
/// <param name="Name">The account to become; null to stay who we are.</param>
internal sealed record ClusterAccount(string? Name)
{
    private const string FallbackRoot = "/var/lib/pipeline";

    public static ClusterAccount ForThisProcess() => new(Environment.IsPrivilegedProcess ? "postgres" : null);

    /// <summary>Makes a folder that only the account can enter, parents as they come.</summary>
    public async Task MakeFolderAsync(string folder, CancellationToken token)
    {
        if (OperatingSystem.IsWindows())
            throw new ServerException("A private cluster needs Unix sockets and accounts; name a running PostgreSQL server with --ledger.");
        if (Name is null)
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        await ExecuteAsync("install", ["-d", "-m", "0700", "-o", Name, "-g", Name, folder], token);
    }

    /// <summary>Makes the folder, or one elsewhere when the account cannot reach it.</summary>
    /// <returns>The folder, and what to tell the user when it is another.</returns>
    /// <exception cref="ServerException">It cannot be written.</exception>
    public async Task<(string Folder, string? Notice)> ChooseFolderAsync(string wanted, CancellationToken token)
    {
        await MakeFolderAsync(wanted, token);
        if (await CanUseAsync(wanted, token))
        {
            return (wanted, null);
        }

        if (Name is null)
        {
            throw new ServerException($"{wanted} cannot be written; the ledger needs a folder that this account owns.");
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)))[..16];
        var instead = Path.Combine(FallbackRoot, hash);
        await MakeFolderAsync(instead, token);
        return (instead, $"PostgreSQL runs as {Name}, which cannot reach {wanted}; the ledger lies in {instead}.");
    }

    /// <summary>Hands a file to the account.</summary>
    public async Task GiveAsync(string file, CancellationToken token)
    {
        if (Name is not null)
            await ExecuteAsync("chown", [Name, file], token);
    }

    /// <summary>Whether the account can reach and write the folder through all its ancestors.</summary>
    public async Task<bool> CanUseAsync(string folder, CancellationToken token)
    {
        var (exitCode, _) = await StartAsync("test", ["-w", folder, "-a", "-x", folder], token);
        return exitCode == 0;
    }

    /// <summary>Runs a program as the account.</summary>
    /// <exception cref="ServerException">It did not exit with 0; the message carries what it printed.</exception>
    public async Task RunAsync(string program, IEnumerable<string> arguments, CancellationToken token)
    {
        var (exitCode, output) = await StartAsync(program, arguments, token);
        if (exitCode != 0)
        {
            throw new ServerException($"{program} ended with {exitCode}: {output}");
        }
    }

    private Task<(int ExitCode, string Output)> StartAsync(string program, IEnumerable<string> arguments, CancellationToken token) =>
        Name is null
            ? CaptureAsync(program, arguments, token)
            : CaptureAsync("setpriv", ["--reuid", Name, "--regid", Name, "--init-groups", program, .. arguments], token);

    private static async Task ExecuteAsync(string program, IEnumerable<string> arguments, CancellationToken token)
    {
        var (exitCode, output) = await CaptureAsync(program, arguments, token);
        if (exitCode != 0)
        {
            throw new ServerException($"{program} ended with {exitCode}: {output}");
        }
    }

    private static async Task<(int ExitCode, string Output)> CaptureAsync(string program, IEnumerable<string> arguments, CancellationToken token)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment["LC_ALL"] = "C";
        using var process = Start(start);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(token);
        var error = process.StandardError.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        return (process.ExitCode, $"{await output}{await error}".Trim());
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new ServerException($"{start.FileName} cannot be run: {error.Message}", error);
        }
    }
}
