using System.Text.Json;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Text;

namespace Pipeline.Segmentation.Flops;

/// <summary>The models whose sizes are known without a checkpoint, from <c>models.json</c> beside this file, and checkpoints on disk.</summary>
public static class ModelProfiles
{
    private static readonly Catalogue Known = ReadCatalogue();

    /// <summary>Names in the catalogue.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Models.Keys];

    /// <param name="nameOrFolder">A name in the catalogue, or the folder of a LISA checkpoint.</param>
    /// <exception cref="InvalidDataException">It is neither; the message says what would be right.</exception>
    public static ModelProfile Find(string nameOrFolder) =>
        Known.Models.TryGetValue(nameOrFolder, out var entry) ? Profile(nameOrFolder, entry)
        : Directory.Exists(nameOrFolder) ? CheckpointProfile.Read(nameOrFolder)
        : throw new InvalidDataException($"'{nameOrFolder}' is neither a known model nor the folder of a checkpoint{Suggestion.For(nameOrFolder, Names)}");

    private static ModelProfile Profile(string name, Entry entry)
    {
        var language = Known.LanguageModels[entry.LanguageModel];
        var sam = entry.Sam is null ? null : Known.Sams[entry.Sam];
        var omgSeg = entry.OmgSeg is null ? null : Known.OmgSegs[entry.OmgSeg];
        return new ModelProfile
        {
            Name = name,
            Shape = new ModelShape
            {
                Architecture = name.Split('-')[0],
                Layers = language.Layers,
                HiddenSize = language.HiddenSize,
                IntermediateSize = language.IntermediateSize,
                Heads = language.Heads,
                KeyValueHeads = language.KeyValueHeads,
                VocabularySize = entry.VocabularySize,
                GridHeight = entry.Grid[0],
                GridWidth = entry.Grid[1],
            },
            VisionTower = omgSeg?.VisionMultiplyAdds ?? (entry.Images * Known.VisionTowers[entry.VisionTower!].MultiplyAdds),
            Projector = entry.Projector,
            MaskPrompt = entry.MaskPrompt,
            MaskEncoder = sam?.EncoderMultiplyAdds ?? 0,
            MaskDecoder = sam?.DecoderMultiplyAdds ?? omgSeg?.MaskMultiplyAdds ?? 0,
        };
    }

    private static Catalogue ReadCatalogue()
    {
        using var file = typeof(ModelProfiles).Assembly.GetManifestResourceStream(typeof(ModelProfiles), "models.json")!;
        return JsonSerializer.Deserialize<Catalogue>(file, JsonSerializerOptions.Web)!;
    }

    private sealed record Catalogue(
        IReadOnlyDictionary<string, LanguageModel> LanguageModels,
        IReadOnlyDictionary<string, VisionTransformerSize> VisionTowers,
        IReadOnlyDictionary<string, SamSize> Sams,
        IReadOnlyDictionary<string, OmgSegSize> OmgSegs,
        IReadOnlyDictionary<string, Entry> Models);

    private sealed record LanguageModel(int Layers, int HiddenSize, int IntermediateSize, int Heads, int KeyValueHeads);

    private sealed record Entry
    {
        public required string LanguageModel { get; init; }

        public required int VocabularySize { get; init; }

        public required int[] Grid { get; init; }

        public string? VisionTower { get; init; }

        public int Images { get; init; } = 1;

        public required int[] Projector { get; init; }

        public int[] MaskPrompt { get; init; } = [];

        public string? Sam { get; init; }

        public string? OmgSeg { get; init; }
    }
}
