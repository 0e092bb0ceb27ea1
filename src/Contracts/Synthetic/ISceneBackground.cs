namespace Pipeline.Contracts.Synthetic;

/// <summary>What is seen where no object is.</summary>
internal interface ISceneBackground
{
    /// <summary>Red, green, blue.</summary>
    int[] Tint { get; }

    /// <param name="y">Row of the picture.</param>
    /// <param name="offsets">One per column, to be added to every channel of the tint.</param>
    void Row(int y, Span<int> offsets);
}
