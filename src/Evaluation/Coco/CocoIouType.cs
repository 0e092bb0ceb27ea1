namespace Pipeline.Evaluation.Coco;

/// <summary>What is compared.</summary>
public enum CocoIouType
{
    /// <summary>Masks.</summary>
    Segm,

    /// <summary>Boxes.</summary>
    Bbox,
}
