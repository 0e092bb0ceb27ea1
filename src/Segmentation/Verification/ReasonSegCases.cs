using System.Text.Json;
using Pipeline.Evaluation.ReasonSeg;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Verification;

/// <summary>Masks of ReasonSeg annotations, exact.</summary>
internal static class ReasonSegCases
{
    private const string CasesFile = "reasonseg_cases.json";

    public static void Verify(GoldenFolder golden)
    {
        var masks = golden.Series("reasonseg.mask.*");
        golden.Guard(masks.Select(mask => mask.Name), () =>
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(golden.File(CasesFile)));
            var cases = document.RootElement.EnumerateArray().ToList();
            foreach (var (name, numbers) in masks)
                golden.Compare(name, 0, () => Draw(cases.ElementAtOrDefault(numbers[0])));
        });
    }

    private static Tensor Draw(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{CasesFile} has no case for it");
        var size = entry.GetProperty("hw");
        int height = size[0].GetInt32(), width = size[1].GetInt32();
        return tensor(ReasonSegMask.Draw(entry.GetProperty("json").GetProperty("shapes").EnumerateArray().Select(Shape), height, width)).reshape(height, width);
    }

    private static ReasonSegShape Shape(JsonElement shape) =>
        new(shape.GetProperty("label").GetString()!, [.. shape.GetProperty("points").EnumerateArray().Select(point => (point[0].GetDouble(), point[1].GetDouble()))]);
}
