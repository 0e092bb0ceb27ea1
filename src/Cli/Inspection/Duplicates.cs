namespace Pipeline.Cli.Inspection;

/// <summary>Finds images of the same content. Memory: about 100 bytes an image.</summary>
internal sealed class Duplicates
{
    private const int Shown = 5;

    private readonly Dictionary<UInt128, string> first = [];
    private readonly List<string> pairs = [];

    /// <summary>Images that are there already under another id.</summary>
    public long Count { get; private set; }

    /// <summary>The first few, as <c>b = a</c>.</summary>
    public IReadOnlyList<string> Pairs => pairs;

    /// <param name="hash">SHA-256, hex; its first half tells images apart.</param>
    public void Add(string id, string hash)
    {
        var key = UInt128.Parse(hash.AsSpan(0, 32), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);
        if (first.TryAdd(key, id))
            return;
        Count++;
        if (pairs.Count < Shown)
            pairs.Add($"{id} = {first[key]}");
    }
}
