namespace Pipeline.Cli.Tests.BadInput;

/// <summary>Wrong arguments.</summary>
internal static class BadLines
{
    public static IReadOnlyList<BadCase> All { get; } =
    [
        new("line: a command that is none", _ => "valdate x.yaml", "'valdate' is not a command; did you mean 'validate'?"),
        new("line: an option that is none", bench => $"validate {bench.Job()} --jsn", "'--jsn'", "--help"),
        new("line: run without a job", _ => "run", "Required argument missing"),
        new("line: no slots", bench => $"run {bench.Job()} --slots 0", "--slots 0 is no number of shards; use 1 to 256"),
        new("line: out is a file", bench => $"run {bench.Job()} --out {bench.Image}", "is a file; --out names a folder"),
        new("line: out holds something else", bench => $"run {bench.Job()} --out {Path.GetDirectoryName(bench.Image)}", "is not empty and holds no run"),
        new("line: a preset that is none", bench => $"model init --preset huge --out {bench.Folder()}", "'huge'", "tiny"),
        new("line: prune without a model", bench => $"prune {bench.Image} --model {bench.Folder()}/gone --text ring --variants none --out x.png", "gone does not exist; expected the folder of a LISA checkpoint"),
        new("line: a variant that is none", bench => $"prune {bench.Image} --model {bench.Model} --text ring --variants fastw --out x.png", "'fastw' is not a method; did you mean 'fastv'?"),
        new("line: a device that is none", bench => $"prune {bench.Image} --model {bench.Model} --text ring --variants none --out x.png --device gpu", "--device gpu is not a device; use cpu, cuda, cuda:N or auto"),
        new("line: flops of nothing", _ => "model flops --model lisa-8b", "'lisa-8b' is neither a known model nor the folder of a checkpoint"),
        new("line: reference tensors that are not there", bench => $"model verify {bench.Folder()}/gone", "gone"),
        new("line: a report that is not there", bench => $"results {bench.Folder()}/report.json --out {bench.Folder()}/page.md", "report.json"),
        new("line: a report that is none", bench => $"results {bench.File("report.json", "[]")} --out {bench.Folder()}/page.md", "report.json is no report.json of a job: the value at $ is of the wrong kind"),
        new("line: a report with half a character", bench => $"results {bench.File("report.json", """{"format":"\ud800"}""")} --out {bench.Folder()}/page.md", "report.json"),
        new("line: a dataset of no scenes", bench => $"dataset synth --count 0 --out {bench.Folder()}", "--count"),
    ];
}
