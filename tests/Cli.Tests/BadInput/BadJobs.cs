namespace Pipeline.Cli.Tests.BadInput;

/// <summary>Wrong job files.</summary>
internal static class BadJobs
{
    public static IReadOnlyList<BadCase> All { get; } =
    [
        Of("is not there", bench => $"{bench.Folder()}/job.yaml", "does not exist; expected a job file (.yaml or .json)"),
        Of("is a folder", bench => bench.Folder(), "is a folder; expected a job file"),
        Of("is a device", _ => "/dev/zero", "is a device or a pipe; expected a job file"),
        Of("is empty", bench => bench.File("job.yaml", ""), "is empty; expected a mapping with name, dataset, model and variants"),
        Of("is a list", bench => bench.File("job.yaml", "- none\n"), "expected a mapping with name, dataset, model and variants, found a list"),
        Of("is not UTF-8", bench => bench.File("job.yaml", [0x6E, 0xFF, 0xFE]), "is not UTF-8 text"),
        Of("is of another kind", bench => bench.File("job.txt", "name: a"), "has the extension '.txt'; a job file ends in .yaml, .yml or .json"),
        Of("is too large", bench => bench.File("job.yaml", new byte[(1 << 20) + 1]), "has 1048577 bytes; at most 1048576 are read"),
        Of("has a bracket open", bench => bench.File("job.yaml", "name: a\nvariants: [none\n"), "not YAML"),
        Of("is indented by tabs", bench => bench.File("job.yaml", "dataset:\n\tformat: synthetic\n"), "not YAML", "found invalid tab as indentation"),
        Of("laughs a billion times", bench => bench.File("job.yaml", "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"), "line 1: anchors (&) and aliases (*) are not allowed in a job file"),
        Of("wants an object made", bench => bench.File("job.yaml", "name: !!python/object/apply:os.system [true]\n"), "tags (!) are not allowed in a job file"),
        Of("is nested without end", bench => bench.File("job.yaml", $"name: {new string('[', 5000)}"), "nested more than 16 deep"),
        Of("is two documents", bench => bench.File("job.yaml", "name: a\n---\nname: b\n"), "a second document begins"),
        Of("has a list without end", bench => bench.Job(variants: $"[{string.Concat(Enumerable.Repeat("x,", 10_001))}]"), "a list of more than 10000 items"),
        Of("gives a key twice", bench => bench.Job(more: "name: b"), "name", "is given twice, on lines 1 and 5; keep one"),
        Of("has a key misspelt", bench => bench.Job(more: "shard: { samples: 4 }"), "shard", "is not known here; did you mean 'shards'?"),
        Of("has a key without value", bench => bench.Job(more: "outputs: { masks: }"), "outputs.masks", "has no value; give one or remove the key"),
        Of("has no dataset", bench => bench.File("job.yaml", $"name: a\nmodel: {{ checkpoint: {bench.Model} }}\nvariants: [none]\n"), "dataset", "is missing; use { format: synthetic, count: 200 }"),
        Of("has a name that is a path", bench => bench.File("job.yaml", "name: ../../etc/cron.d/x\n"), "name", "is not a job name; use letters, digits"),
        Of("has a format that is none", bench => bench.Job("{ format: manifesto }"), "dataset.format", "'manifesto' is not known; did you mean 'manifest'?"),
        Of("makes no scenes", bench => bench.Job("{ format: synthetic, count: 0 }"), "dataset.count", "0 is below 1; use 1 or more"),
        Of("counts in words", bench => bench.Job("{ format: synthetic, count: many }"), "dataset.count", "expected a whole number"),
        Of("makes scenes of a gigapixel", bench => bench.Job("{ format: synthetic, count: 1, size: 40000 }"), "dataset.size", "40000 is above 4096; use 64 to 4096"),
        Of("names a manifest that is not there", bench => bench.Job("{ format: manifest, path: gone.jsonl }"), "dataset.path", "gone.jsonl does not exist; expected a manifest file (JSON lines)"),
        Of("names a folder for a manifest", bench => bench.Job($"{{ format: manifest, path: {bench.Folder()} }}"), "dataset.path", "is a folder; expected a manifest file"),
        Of("names an address for a manifest", bench => bench.Job("{ format: manifest, path: 'http://169.254.169.254/latest' }"), "dataset.path", "is an address"),
        Of("names a checkpoint that is not there", bench => bench.Job(model: "{ checkpoint: gone }"), "model.checkpoint", "gone does not exist; expected the folder of a LISA checkpoint"),
        Of("has a dtype that is none", bench => bench.Job(model: $"{{ checkpoint: {bench.Model}, dtype: float8 }}"), "model.dtype", "'float8' is not known", "float32"),
        Of("has a device that is none", bench => bench.Job(model: $"{{ checkpoint: {bench.Model}, device: gpu }}"), "model.device", "'gpu' is not a device; use auto, cpu, cuda or cuda:N"),
        Of("has no variants", bench => bench.Job(variants: "[]"), "variants", "expected a list of at least one variant"),
        Of("has a method misspelt", bench => bench.Job(variants: "[fastV]"), "variants[0]", "'fastV' is not a method; did you mean 'fastv'?"),
        Of("prunes beyond the model", bench => bench.Job(variants: "['fastv:layer=40,keep=0.5']"), "variants[0].layer", "40 is beyond this model's 4 layers; use 1 to 3"),
        Of("keeps more than all", bench => bench.Job(variants: "['fastv:layer=2,keep=2']"), "variants[0].keep", "2 is above 1"),
        Of("gives two budgets", bench => bench.Job(variants: "['fastv:layer=2,keep=0.5,count=3']"), "variants[0]", "gives keep and count; 'fastv' needs exactly one of them"),
        Of("gives a setting twice", bench => bench.Job(variants: "['fastv:layer=2,keep=0.5,keep=0.25']"), "variants[0]", "gives keep twice"),
        Of("has a variant twice", bench => bench.Job(variants: "[none, none]"), "variants[1]", "is already in variants[0]; remove one"),
        Of("sweeps a million variants", bench => bench.Job(variants: $"[{{ method: random, seed: [{string.Join(',', Enumerable.Range(1, 1100))}], keep: 0.5 }}]"), "brings the job to more than 1000 variants"),
        Of("has shards of nothing", bench => bench.Job(more: "shards: { samples: 0 }"), "shards.samples", "0 is below 1"),
        Of("forgives more than everything", bench => bench.Job(more: "failures: { percent: 101 }"), "failures.percent", "101 is above 100; use 0 to 100"),
        Of("wants masks of another kind", bench => bench.Job(more: "outputs: { masks: jpeg }"), "outputs.masks", "'jpeg' is not known", "rle"),
        Of("in JSON has a comma too many", bench => bench.File("job.json", """{"name":"a",}"""), "line 1: not JSON"),
        Of("in JSON has half a character", bench => bench.File("job.json", """{"name":"\ud800"}"""), "half a character"),
        Of("in JSON is nested without end", bench => bench.File("job.json", new string('[', 100_000)), "not JSON", "depth of 16"),
        Of("in JSON goes on after its end", bench => bench.File("job.json", "{} {}"), "not JSON"),
    ];

    private static BadCase Of(string name, Func<Workshop, string> job, params string[] words) => new($"job: {name}", bench => $"validate {job(bench)}", words);
}
