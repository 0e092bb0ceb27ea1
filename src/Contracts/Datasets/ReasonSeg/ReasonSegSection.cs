using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Jobs.Reading;

namespace Pipeline.Contracts.Datasets.ReasonSeg;

/// <summary>The dataset section of a job over ReasonSeg, and whether its folders are there.</summary>
internal static class ReasonSegSection
{
    private const string Right = "the folder of ReasonSeg, which holds folders train, val and test of NAME.jpg with NAME.json";
    private const string SplitHint = "use the name of one of its folders: train, val or test";

    public static DatasetSpec Read(Section dataset, PathLocator paths)
    {
        var path = paths.Locate(dataset, "path", Right, Directory.Exists);
        return new DatasetSpec("reasonseg")
        {
            Path = path,
            Texts = dataset.Choice("texts", "first", "first", "all"),
            Split = (path is null ? dataset.RequiredText("split", SplitHint) : ReadSplit(dataset, path, paths)) ?? "",
        };
    }

    private static string? ReadSplit(Section dataset, string path, PathLocator paths)
    {
        var splits = ReasonSegDataset.Splits(path);
        if (splits.Count == 0)
        {
            var above = ReasonSegDataset.IsSplit(path) ? $"; it is a split itself: use path: {Path.GetDirectoryName(path)} and split: {Path.GetFileName(path)}" : "";
            dataset.Fault("path", $"{path} holds no folder with NAME.jpg and NAME.json; expected {Right}{above}");
            return dataset.RequiredText("split", SplitHint);
        }

        var split = dataset.RequiredChoice("split", [.. splits]);
        if (split is not null && paths.Refuse(Path.Combine(path, split)) is { } refusal)
            dataset.Fault("split", $"{Path.Combine(path, split)} {refusal}");
        return split;
    }
}
