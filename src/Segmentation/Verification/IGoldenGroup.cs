namespace Pipeline.Segmentation.Verification;

/// <summary>Checks one folder of reference tensors. A group is one class and one line in <see cref="GoldenGroups"/>.</summary>
public interface IGoldenGroup
{
    /// <summary>Name of the group, which is also that of its folder.</summary>
    string Name { get; }

    /// <summary>Compares one tensor after the other.</summary>
    /// <param name="golden">The folder, and where results go.</param>
    /// <remarks>May throw on anything unexpected: the exception becomes a failed row, and rows made before it stay.</remarks>
    void Verify(GoldenFolder golden);
}
