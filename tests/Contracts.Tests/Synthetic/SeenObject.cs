using Pipeline.Contracts.Synthetic;

namespace Pipeline.Contracts.Tests.Synthetic;

/// <summary>An object as a reader of the decoded mask sees it; nothing measured by the generator is used but the nominal radius.</summary>
internal sealed record SeenObject(int Index, string[] Looks, double X, double Y, int Area, int Radius)
{
    public static SeenObject[] Of(SceneDescription scene) => [.. scene.Objects.Select((thing, index) => Of(thing, index))];

    private static SeenObject Of(SceneObject thing, int index)
    {
        var mask = thing.Mask.Decode();
        var pixels = Enumerable.Range(0, mask.Length).Where(at => mask[at] == 1).ToArray();
        var looks = new object[] { thing.Size, thing.Texture, thing.Color, thing.Shape }.Select(look => look.ToString()!.ToLowerInvariant());
        return new SeenObject(index, [.. looks], pixels.Average(at => at % thing.Mask.Width + 0.5), pixels.Average(at => at / thing.Mask.Width + 0.5), pixels.Length, thing.Radius);
    }
}
