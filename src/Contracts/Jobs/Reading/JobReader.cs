using System.Text.RegularExpressions;
using Pipeline.Contracts.Datasets.Coco;
using Pipeline.Contracts.Datasets.ReasonSeg;
using Pipeline.Contracts.Datasets.Refer;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Synthetic;
using Pipeline.Contracts.Text;

namespace Pipeline.Contracts.Jobs.Reading;

/// <summary>Reads the tree of a job file section by section; what is wrong is added to the faults and reading goes on.</summary>
internal sealed partial class JobReader(PathLocator paths, IModelCatalog catalog, List<JobFault> faults)
{
    private const string DatasetHint = "use { format: synthetic, count: 200 } or { format: manifest, path: FILE }";
    private const string ModelHint = "use { checkpoint: FOLDER }";
    private const string VariantsHint = "use a list such as [none, { method: fastv, layer: 2, keep: 0.5 }]";

    /// <summary>The keys of a dataset and the formats that have them.</summary>
    private static readonly (string Key, string[] Formats)[] DatasetKeys =
    [
        ("path", ["manifest", "reasonseg", "refcoco", "coco"]),
        ("urls", ["manifest"]),
        ("images", ["coco"]),
        ("set", ["refcoco"]),
        ("split_by", ["refcoco"]),
        ("split", ["synthetic", "reasonseg", "refcoco"]),
        ("texts", ["reasonseg"]),
        ("count", ["synthetic"]),
        ("seed", ["synthetic"]),
        ("size", ["synthetic"]),
        ("expressions", ["synthetic"]),
    ];

    /// <summary>What the checkpoint says of itself; null before reading and where that failed.</summary>
    public ModelDescription? Model { get; private set; }

    /// <returns>A specification, of use only if no fault was added.</returns>
    public JobSpec Read(MappingNode root)
    {
        var job = new Section(root, "", faults);
        var spec = new JobSpec
        {
            Name = ReadName(job),
            Dataset = ReadDataset(job.RequiredSection("dataset", DatasetHint), paths),
            Model = ReadModel(job.RequiredSection("model", ModelHint)),
            Variants = ReadVariants(job),
            Shards = ReadShards(job.Optional("shards", "use { samples: 64 }")),
            Outputs = ReadOutputs(job.Optional("outputs", "use { masks: rle, overlays: 12 }")),
            Failures = ReadFailures(job.Optional("failures", "use { percent: 5 }")),
        };
        job.Finish();
        return spec;
    }

    private static string ReadName(Section job)
    {
        const string right = "use letters, digits, '-', '_' and '.', at most 100, not beginning with '.'";
        var name = job.RequiredText("name", right);
        if (name is not null && !Name().IsMatch(name))
            job.Fault("name", job.Find("name")!.Line, $"'{name}' is not a job name; {right}");
        return name ?? "";
    }

    private static DatasetSpec ReadDataset(Section? dataset, PathLocator paths)
    {
        if (dataset is null)
            return new DatasetSpec("");
        var format = dataset.RequiredChoice("format", [.. DatasetSpec.Formats]);
        var spec = new DatasetSpec(format ?? "");
        switch (format)
        {
            case "manifest":
                spec = spec with
                {
                    Path = paths.Locate(dataset, "path", "a manifest file (JSON lines)", File.Exists),
                    Urls = dataset.Choice("urls", "refuse", "refuse", "allow") == "allow" ? ImageUrls.Allow : ImageUrls.Refuse,
                };
                break;
            case "synthetic":
                spec = spec with
                {
                    Count = dataset.RequiredInteger("count", 1, int.MaxValue, "use the number of scenes to make"),
                    Seed = dataset.Integer("seed", spec.Seed, 0, int.MaxValue),
                    Size = dataset.Integer("size", spec.Size, SyntheticScenes.LeastSide, SyntheticScenes.GreatestSide),
                    Split = dataset.Choice("split", spec.Split, [.. SyntheticSplits.Names]),
                    Expressions = dataset.Integer("expressions", spec.Expressions, 1, SyntheticScenes.MostExpressions),
                };
                break;
            case "reasonseg":
                spec = ReasonSegSection.Read(dataset, paths);
                break;
            case "refcoco":
                spec = ReferSection.Read(dataset, paths);
                break;
            case "coco":
                spec = CocoSection.Read(dataset, paths);
                break;
            default:
                return spec;
        }

        foreach (var (key, formats) in DatasetKeys.Where(entry => !entry.Formats.Contains(format)))
            dataset.Foreign(key, $"belongs to format {Suggestion.OneOf(formats)}; remove it");
        dataset.Finish();
        return spec;
    }

    private ModelSpec ReadModel(Section? model)
    {
        var spec = new ModelSpec("");
        if (model is null)
            return spec;
        spec = new ModelSpec(paths.Locate(model, "checkpoint", "the folder of a LISA checkpoint", Directory.Exists) ?? "")
        {
            Dtype = model.Choice("dtype", spec.Dtype, "float32", "bfloat16", "float16"),
            Device = ReadDevice(model, spec.Device),
            Answer = model.Choice("answer", spec.Answer, ModelSpec.Forced, ModelSpec.Generate),
            Conversation = model.OptionalChoice("conversation", [.. ModelSpec.Conversations]),
        };
        if (spec.Checkpoint.Length > 0)
            Describe(model, spec.Checkpoint);
        spec = spec with { MaxNewTokens = ReadNewTokens(model, spec) };
        model.Finish();
        return spec;
    }

    /// <returns>Null where answers are forced.</returns>
    private int? ReadNewTokens(Section model, ModelSpec spec)
    {
        const string key = "max_new_tokens";
        if (!spec.Generates)
        {
            model.Foreign(key, $"belongs to answer: {ModelSpec.Generate}; remove it");
            return null;
        }

        var tokens = model.Integer(key, ModelSpec.DefaultNewTokens, 1, ModelSpec.MostNewTokens);
        if (Model is { Shape: { MaxPositions: { } positions } shape } && model.Find(key) is { } value && tokens >= positions - shape.VisualTokens)
        {
            model.Fault(key, value.Line, positions > shape.VisualTokens + 1
                ? $"{tokens} leaves no room for a prompt: this model has {positions} positions, and an image takes {shape.VisualTokens} of them; use 1 to {positions - shape.VisualTokens - 1}"
                : $"this model has {positions} positions, and an image takes {shape.VisualTokens} of them: there is no room for an answer");
        }

        return tokens;
    }

    private void Describe(Section model, string checkpoint)
    {
        try
        {
            Model = catalog.Describe(checkpoint);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            model.Fault("checkpoint", model.Find("checkpoint")!.Line, fault.Message);
        }
    }

    private static string ReadDevice(Section model, string fallback)
    {
        const string right = "use auto, cpu, cuda or cuda:N";
        if (!model.Has("device"))
            return fallback;
        var device = model.RequiredText("device", right);
        if (device is not null && !Device().IsMatch(device))
            model.Fault("device", model.Find("device")!.Line, $"'{device}' is not a device; {right}");
        return device ?? fallback;
    }

    /// <returns>The dataset of a job or of a document that holds nothing else; of use only if no fault was added. Other keys are not looked at.</returns>
    public static DatasetSpec ReadDataset(MappingNode root, PathLocator paths, List<JobFault> faults) =>
        ReadDataset(new Section(root, "", faults).RequiredSection("dataset", DatasetHint), paths);

    /// <returns>The variants of a document that holds nothing else; of use only if no fault was added.</returns>
    public static IReadOnlyList<VariantSpec> ReadVariants(MappingNode root, IModelCatalog catalog, ModelShape model, List<JobFault> faults)
    {
        var document = new Section(root, "", faults);
        var variants = document.Required("variants", VariantsHint) is { } list ? new VariantReader(catalog, model, faults).Read(list, "variants", VariantsHint) : [];
        document.Finish();
        return variants;
    }

    private IReadOnlyList<VariantSpec> ReadVariants(Section job) =>
        job.Required("variants", VariantsHint) is { } variants
            ? new VariantReader(catalog, Model?.Shape, faults).Read(variants, "variants", VariantsHint)
            : [];

    private static ShardSpec ReadShards(Section shards)
    {
        var spec = new ShardSpec();
        spec = spec with { Samples = shards.Integer("samples", spec.Samples, 1, 100_000) };
        shards.Finish();
        return spec;
    }

    private static OutputSpec ReadOutputs(Section outputs)
    {
        var spec = new OutputSpec();
        spec = spec with
        {
            Masks = outputs.Choice("masks", spec.Masks, "rle", "png", "none"),
            Overlays = outputs.Integer("overlays", spec.Overlays, 0, 1000),
        };
        outputs.Finish();
        return spec;
    }

    private static FailureBudget ReadFailures(Section failures)
    {
        var spec = new FailureBudget();
        spec = spec with
        {
            Percent = failures.Number("percent", spec.Percent, 0, 100),
            Count = failures.OptionalInteger("count", 0, long.MaxValue),
        };
        failures.Finish();
        return spec;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^(auto|cpu|cuda(:[0-9]{1,3})?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Device();
}
