namespace Pipeline.Evaluation.Coco;

/// <summary>What to evaluate: pycocotools' <c>COCOeval.params</c> as far as they are not fixed.</summary>
/// <param name="Images">Ids of images; those that are not listed do not count. Repetitions count once.</param>
/// <param name="Categories">Ids of categories, as for images.</param>
/// <param name="Type">Masks or boxes.</param>
/// <param name="UseCategories">False to find objects whatever their category, as in scoring of proposals.</param>
public sealed record CocoQuestion(IReadOnlyList<long> Images, IReadOnlyList<long> Categories, CocoIouType Type, bool UseCategories = true);
