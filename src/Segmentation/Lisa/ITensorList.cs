namespace Pipeline.Segmentation.Lisa;

/// <summary>Is told the tensors of a model one by one.</summary>
internal interface ITensorList
{
    /// <param name="name">Full name.</param>
    /// <param name="deviation">Standard deviation where it is drawn at random.</param>
    /// <param name="mean">Mean where it is drawn at random.</param>
    /// <param name="shape">Its shape.</param>
    void Add(string name, double deviation, double mean, params long[] shape);
}
