namespace Pipeline.Cli;

/// <summary>How the command ended, for scripts.</summary>
public static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The work was started and did not succeed.</summary>
    public const int Failed = 1;

    /// <summary>The arguments, the job file or the data it names are wrong; nothing was started.</summary>
    public const int BadInput = 2;

    /// <summary>Ctrl-C or SIGTERM; what was done is kept.</summary>
    public const int Interrupted = 130;
}
