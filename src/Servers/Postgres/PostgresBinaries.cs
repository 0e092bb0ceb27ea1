namespace Pipeline.Servers.Postgres;

/// <summary>Where PostgreSQL's server programs lie on this machine.</summary>
/// <param name="Folder">Holds <c>initdb</c> and <c>pg_ctl</c>.</param>
internal sealed record PostgresBinaries(string Folder)
{
    private const string DebianRoot = "/usr/lib/postgresql";

    /// <summary>Finds them under <c>/usr/lib/postgresql</c> or on <c>PATH</c>: the version that made the cluster, else the newest.</summary>
    /// <param name="version">Major version that made an existing cluster; null for a new one.</param>
    /// <exception cref="ServerException">None is there; the message says what to install.</exception>
    public static PostgresBinaries Find(string? version)
    {
        var folders = Installed().Where(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl"))).ToList();
        if (folders.Count == 0)
        {
            throw new ServerException(
                $"PostgreSQL's server programs (initdb, pg_ctl) are neither under {DebianRoot}/*/bin nor on PATH. " +
                "Install them, on Debian or Ubuntu with: apt-get install --no-install-recommends postgresql. Or name a running server with --ledger.");
        }

        return new PostgresBinaries(folders.Find(folder => version is not null && VersionOf(folder) == version) ?? folders[0]);
    }

    public string Program(string name) => Path.Combine(Folder, name);

    private static IEnumerable<string> Installed()
    {
        var versions = Directory.Exists(DebianRoot) ? Directory.GetDirectories(DebianRoot) : [];
        var debian = versions
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"));
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return debian.Concat(path);
    }

    private static string? VersionOf(string folder) => Path.GetFileName(Path.GetDirectoryName(folder));
}
