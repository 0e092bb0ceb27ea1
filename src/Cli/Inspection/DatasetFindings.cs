using Pipeline.Contracts.Jobs;

namespace Pipeline.Cli.Inspection;

/// <summary>What a dataset holds and what is wrong with it, as <c>pipeline dataset inspect --json</c> gives it.</summary>
/// <param name="Dataset">As a job would name it.</param>
/// <param name="Skipped">Images of the dataset that are no samples, by reason.</param>
internal sealed record DatasetFindings(
    DatasetSpec Dataset, long Samples, IReadOnlyDictionary<string, long> Skipped, ExpressionFindings Expressions, ImageFindings Images, MaskFindings Masks)
{
    /// <summary>Predictions of it would fail.</summary>
    public bool IsBroken => Images.Missing + Images.Broken + Masks.Broken > 0;
}

/// <param name="WithTruth">Expressions whose predictions get an IoU.</param>
/// <param name="Kinds">Expressions of each kind, where the dataset says one.</param>
internal sealed record ExpressionFindings(long Count, long Sentences, long Phrases, long WithTruth, IReadOnlyDictionary<string, long> Kinds);

/// <param name="Width">Pixels; null where no image could be used.</param>
/// <param name="Height">Pixels; null where no image could be used.</param>
/// <param name="Faults">The first few of the missing and of the broken.</param>
/// <param name="Duplicates">Images whose content an earlier one has.</param>
/// <param name="Same">The first few of the duplicates, as <c>id = earlier id</c>.</param>
internal sealed record ImageFindings(
    Spread<int>? Width, Spread<int>? Height, long Missing, long Broken, IReadOnlyList<string> Faults, long Duplicates, IReadOnlyList<string> Same);

/// <param name="Usable">Masks that could be held to their image.</param>
/// <param name="Share">Of the image, 0 to 1; null where there is none.</param>
/// <param name="Empty">Without a pixel of the object.</param>
/// <param name="Ignoring">With pixels that count for nothing.</param>
/// <param name="Overlapping">With parts that lie over each other, which is of neither class.</param>
/// <param name="Faults">The first few of the broken.</param>
internal sealed record MaskFindings(long Usable, Spread<double>? Share, long Empty, long Ignoring, long Overlapping, long Broken, IReadOnlyList<string> Faults);
