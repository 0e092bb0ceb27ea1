using Pipeline.Chaos.Audit;
using Pipeline.Chaos.Faults;
using Pipeline.Tests.Cluster;

namespace Pipeline.Chaos;

/// <summary>Keeps jobs running on a cluster while one thing after another goes wrong, then looks from outside whether every number is right.</summary>
public static class ChaosRun
{
    private const int JobsAtOnce = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <param name="say">Gets a line for everything that happens.</param>
    public static async Task<ChaosOutcome> ExecuteAsync(Cluster cluster, ChaosOptions options, Action<string> say, CancellationToken token)
    {
        var random = new Random(options.Seed);
        var jobs = new JobStream(cluster, options.Checkpoint, options.Seed);
        say($"seed {options.Seed}: {options.Orchestrators} orchestrators, {options.Workers} workers");

        var undisturbed = await jobs.SubmitAsync(token);
        await jobs.EndAsync(undisturbed, Patience, token);
        var digest = (await jobs.ReportAsync(undisturbed, token))["digest"]!.GetValue<string>();
        say($"undisturbed: digest {digest}");

        var injected = await StormAsync(new Storm(cluster, random), jobs, options, say, token);
        foreach (var job in jobs.All)
            await jobs.EndAsync(job, Patience, token);
        say($"{injected.Count} faults, {jobs.All.Count} jobs have ended");

        var verdict = await AuditAsync(cluster, jobs, digest, token);
        say(verdict.ToString());
        return new ChaosOutcome(injected, await cluster.AttemptsByStateAsync(token), verdict);
    }

    private static async Task<List<string>> StormAsync(Storm storm, JobStream jobs, ChaosOptions options, Action<string> say, CancellationToken token)
    {
        var injected = new List<string>();
        var deck = new Queue<IFault>();
        while (injected.Count < options.Faults)
        {
            if (deck.Count == 0)
            {
                var kinds = AllFaults.Create().Where(kind => kind.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)).ToArray();
                storm.Shuffle(kinds);
                deck = new Queue<IFault>(kinds);
            }

            await jobs.KeepRunningAsync(JobsAtOnce, token);
            var fault = deck.Dequeue();
            if (!await fault.InjectAsync(storm, token))
            {
                say($"     {fault.Name}: nothing to break");
                continue;
            }

            injected.Add(fault.Name);
            say($"{injected.Count,4} {fault.Name}");
        }

        return injected;
    }

    private static async Task<Verdict> AuditAsync(Cluster cluster, JobStream jobs, string digest, CancellationToken token)
    {
        var verdict = new Verdict();
        await cluster.QuiesceAsync(verdict.LeftOver.Add, token);
        foreach (var job in jobs.All)
        {
            await new JobAudit(cluster.Ledger, cluster.Artifacts, job, verdict).RunAsync(token);
            await new ReportAudit(cluster.Ledger, job, await jobs.ReportAsync(job, token), verdict).RunAsync(digest, token);
        }

        return verdict;
    }
}
