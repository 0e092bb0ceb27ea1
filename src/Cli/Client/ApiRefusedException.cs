using Pipeline.Contracts.Api;

namespace Pipeline.Cli.Client;

/// <summary>The orchestrator answered with a problem.</summary>
public sealed class ApiRefusedException : Exception
{
    public ApiRefusedException(Problem problem)
        : base(problem?.Detail ?? problem?.Title) => Problem = problem!;

    public Problem Problem { get; }

    /// <summary>What was asked for is wrong; asking again changes nothing.</summary>
    public bool IsBadInput => Problem.Status is >= 400 and < 500 and not 429;
}
