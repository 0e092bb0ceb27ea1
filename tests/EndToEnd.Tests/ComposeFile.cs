using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Pipeline.EndToEnd.Tests;

/// <summary><c>infra/compose.yaml</c> as it is written: its variables are not put in.</summary>
internal sealed class ComposeFile
{
    private readonly Dictionary<object, object> root;

    private ComposeFile(string text)
    {
        Text = text;
        root = new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(new StringReader(text))));
    }

    public string Text { get; }

    public IEnumerable<string> Services => Map(root["services"]).Keys.Cast<string>();

    public IEnumerable<string> Volumes => Map(root["volumes"]).Keys.Cast<string>();

    public static ComposeFile Read(string folder) => new(File.ReadAllText(Path.Combine(folder, "compose.yaml")));

    /// <returns>Null where the service does not say.</returns>
    public string? Word(string service, string key) => Service(service).GetValueOrDefault(key) as string;

    public bool Has(string service, string key) => Service(service).ContainsKey(key);

    /// <returns>Empty where the service has no such list.</returns>
    public IReadOnlyList<string> List(string service, string key) => Service(service).GetValueOrDefault(key) is List<object> items ? [.. items.Cast<string>()] : [];

    public IReadOnlyDictionary<string, string> Environment(string service) =>
        Map(Service(service)["environment"]).ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value);

    /// <param name="service">Its <c>stop_grace_period</c> is given in seconds.</param>
    public TimeSpan StopGracePeriod(string service) => TimeSpan.FromSeconds(int.Parse(Word(service, "stop_grace_period")!.TrimEnd('s'), CultureInfo.InvariantCulture));

    private static Dictionary<object, object> Map(object value) => (Dictionary<object, object>)value;

    private Dictionary<object, object> Service(string name) => Map(Map(root["services"])[name]);
}
