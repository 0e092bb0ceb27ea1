using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Api;
using Pipeline.Orchestrator.Api.Problems;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Api.Jobs;

/// <summary>Lists jobs, newest first, in parts: where the next part begins is told by the last job of this one, so that jobs that come meanwhile move nothing.</summary>
internal sealed class JobList(IDbContextFactory<LedgerContext> ledgers)
{
    public const int Most = 200;

    public async Task<JobPage> ReadAsync(JobQuery query, CancellationToken token)
    {
        var limit = query.Limit ?? 50;
        if (limit is < 1 or > Most)
            throw RequestFault.Wrong("limit", string.Create(CultureInfo.InvariantCulture, $"is {limit}; use 1 to {Most}"));
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var rows = ledger.Jobs.AsNoTracking();
        if (query.State is { } state)
            rows = InState(rows, state);
        if (query.Name?.Contains('\0', StringComparison.Ordinal) == true)
            throw RequestFault.Wrong("name", "is no text");
        if (query.Name is { } name)
            rows = rows.Where(row => row.Name == name);
        if (query.Id is { } prefix)
            rows = WithPrefix(rows, prefix);
        if (query.After is { } after)
        {
            var (at, id) = ReadCursor(after);
            rows = rows.Where(row => row.SubmittedAt < at || (row.SubmittedAt == at && row.Id > id));
        }

        var jobs = await rows.OrderByDescending(row => row.SubmittedAt).ThenBy(row => row.Id).Take(limit + 1).ToListAsync(token);
        var next = jobs.Count > limit ? Cursor(jobs[limit - 1]) : null;
        return new JobPage([.. jobs.Take(limit).Select(Summary)], next);
    }

    private static JobSummary Summary(JobRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        State = JobStatusReader.Word(row.State),
        Paused = row.Paused,
        Priority = row.Priority,
        Reason = row.Reason,
        Samples = row.Samples,
        SubmittedBy = row.SubmittedBy,
        SubmittedAt = row.SubmittedAt,
        EndedAt = row.EndedAt,
    };

    private static IQueryable<JobRow> InState(IQueryable<JobRow> rows, string word)
    {
        var states = Enum.GetValues<JobState>();
        if (!states.Any(state => JobStatusReader.Word(state) == word))
            throw RequestFault.Wrong("state", $"is '{word}'; use {string.Join(", ", states.Select(JobStatusReader.Word))}");
        var wanted = Enum.Parse<JobState>(word, ignoreCase: true);
        return rows.Where(row => row.State == wanted);
    }

    /// <summary>By the range of ids, which the primary key finds.</summary>
    private static IQueryable<JobRow> WithPrefix(IQueryable<JobRow> rows, string prefix)
    {
        var digits = prefix.Replace("-", "", StringComparison.Ordinal);
        if (digits.Length is 0 or > 32 || !digits.All(char.IsAsciiHexDigit))
            throw RequestFault.Wrong("id", "is not the beginning of a job's id; use hexadecimal digits");
        var (first, last) = (Guid.Parse(digits.PadRight(32, '0')), Guid.Parse(digits.PadRight(32, 'f')));
        return rows.Where(row => row.Id >= first && row.Id <= last);
    }

    private static string Cursor(JobRow last) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.SubmittedAt.UtcTicks} {last.Id:N}")));

    private static (DateTimeOffset At, Guid Id) ReadCursor(string cursor)
    {
        try
        {
            var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)).Split(' ');
            return (new DateTimeOffset(long.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture), TimeSpan.Zero), Guid.ParseExact(parts[1], "N"));
        }
        catch (Exception fault) when (fault is FormatException or OverflowException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw RequestFault.Wrong("after", "is no place in this list; use what 'next' said");
        }
    }
}
