using Pipeline.Contracts.Results;

namespace Pipeline.Cli.Pruning;

/// <summary>One pruning variant on a contact sheet.</summary>
/// <param name="Name">Of the variant.</param>
/// <param name="Cost">Tokens and FLOPs, for its caption.</param>
/// <param name="Stages">From layer 0 on.</param>
/// <param name="Mask">Predicted, of the image's own size, row-major, 0 or 1.</param>
internal sealed record SheetRow(string Name, string Cost, IReadOnlyList<TokenStage> Stages, IReadOnlyList<byte> Mask);
