namespace Pipeline.Contracts.Manifests;

/// <summary>
/// A named part of the synthetic scenes, so that all who measure on one measure the same. A scene of one split is in no other: every random
/// decision depends on the split's name.
/// </summary>
public enum SyntheticSplit
{
    /// <summary>For measuring; the scenes made where no split is named.</summary>
    Heldout,

    /// <summary>For training; made as the held-out ones.</summary>
    Train,

    /// <summary>For choosing settings; made as the held-out ones.</summary>
    Validation,

    /// <summary>For measuring: 7 to 9 objects where the others have 2 to 6.</summary>
    Crowded,

    /// <summary>For measuring: backgrounds, stripes and dots that no other split has.</summary>
    Textures,
}
