using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Jobs.Reading;
using Pipeline.Contracts.Text;

namespace Pipeline.Contracts.Datasets.Refer;

/// <summary>The dataset section of a job over RefCOCO and its like, and whether its folders and files are there.</summary>
internal static class ReferSection
{
    private const string Right = "refer's folder, which holds refcoco/refs(unc).p, refcoco/instances.json and images/mscoco/images/train2014, or those of refcoco+, refcocog or refclef";
    private const string SetHint = "use refcoco, refcoco+, refcocog or refclef";
    private const string SplitByHint = "use unc, umd or google, as in the name of refs(unc).p";

    public static DatasetSpec Read(Section dataset, PathLocator paths)
    {
        var path = paths.Locate(dataset, "path", Right, Directory.Exists);
        var set = path is null ? dataset.RequiredText("set", SetHint) : ReadSet(dataset, path);
        var splitBy = path is null || set is null ? dataset.RequiredText("split_by", SplitByHint) : ReadSplitBy(dataset, path, set, paths);
        return new DatasetSpec("refcoco")
        {
            Path = path,
            Set = set,
            SplitBy = splitBy,
            Split = dataset.RequiredChoice("split", [.. ReferFolder.Splits]) ?? "",
        };
    }

    private static string? ReadSet(Section dataset, string path)
    {
        var sets = ReferFolder.SetsIn(path);
        if (sets.Count > 0)
            return dataset.RequiredChoice("set", [.. sets]);
        var above = File.Exists(Path.Combine(path, ReferFolder.Instances)) ? $"; it is a set itself: use path: {Path.GetDirectoryName(path)} and set: {Path.GetFileName(path)}" : "";
        dataset.Fault("path", $"{path} holds no folder {Suggestion.OneOf(ReferFolder.Sets)}; expected {Right}{above}");
        dataset.RequiredText("set", SetHint);
        return null;
    }

    private static string? ReadSplitBy(Section dataset, string path, string set, PathLocator paths)
    {
        if (paths.Refuse(Path.Combine(path, set)) is { } refusal)
        {
            dataset.Fault("set", $"{Path.Combine(path, set)} {refusal}");
            return dataset.RequiredText("split_by", SplitByHint);
        }

        Require(dataset, path, $"{set}/{ReferFolder.Instances}", "the annotations in COCO's format", File.Exists);
        Require(dataset, path, ReferFolder.Images(set), "the folder of the images", Directory.Exists);
        var known = ReferFolder.SplitsBy(Path.Combine(path, set));
        if (known.Count > 0)
            return dataset.RequiredChoice("split_by", [.. known]);
        dataset.Fault("set", $"{Path.Combine(path, set)} holds no refs(...).p; expected the expressions, such as refs(unc).p");
        return dataset.RequiredText("split_by", SplitByHint);
    }

    private static void Require(Section dataset, string path, string name, string right, Func<string, bool> isRight)
    {
        if (!isRight(Path.Combine(path, name)))
            dataset.Fault("path", $"{path} holds no {name}; expected {right} there");
    }
}
