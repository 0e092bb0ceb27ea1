namespace Pipeline.Contracts.Api;

/// <summary>Where one variant of a job stands.</summary>
/// <param name="Name">Of the variant.</param>
/// <param name="Done">Predictions done, failed ones too.</param>
/// <param name="Total">Predictions there will be; 0 while planning.</param>
/// <param name="Failures">Failed predictions in finished shards.</param>
public sealed record VariantStatus(string Name, long Done, long Total, long Failures);
