using System.Reflection;
using System.Xml.Linq;

namespace Pipeline.EndToEnd.Tests;

/// <summary>Holds the rooms to the drawing: who may know whom, and which packages stay where.</summary>
public sealed class ArchitectureTests
{
    /// <summary>The drawing: a room and the rooms below it that it may reference.</summary>
    private static readonly Dictionary<string, string[]> Drawing = new()
    {
        ["Cli"] = ["GpuWorker", "Orchestrator", "Segmentation", "Hosting", "Contracts", "Evaluation", "Servers"],
        ["GpuWorker"] = ["Segmentation", "Hosting", "Contracts", "Evaluation"],
        ["Segmentation"] = ["Contracts", "LibTorch", "Evaluation"],
        ["Orchestrator"] = ["Hosting", "Contracts", "Evaluation"],
        ["Hosting"] = ["Contracts"],
        ["Contracts"] = ["Evaluation"],
        ["LibTorch"] = [],
        ["Evaluation"] = [],
        ["Servers"] = [],
    };

    private static readonly string Source = Path.Combine(RepositoryRoot(), "src");

    public static TheoryData<string> Rooms => new(Drawing.Keys);

    [Fact]
    public void The_source_folder_holds_the_rooms_of_the_drawing_and_no_others()
    {
        var found = Directory.GetDirectories(Source).Select(folder => Path.GetFileName(folder)!);

        found.ShouldBe(Drawing.Keys, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_references_only_the_rooms_below_it(string room)
    {
        ReferencesOf(room).ShouldBeSubsetOf(Drawing[room]);
    }

    [Fact]
    public void The_two_hosts_never_reach_each_other_and_the_orchestrator_reaches_no_tensors()
    {
        Reachable("Orchestrator").ShouldNotContain("GpuWorker");
        Reachable("Orchestrator").ShouldNotContain("Segmentation");
        Reachable("Orchestrator").ShouldNotContain("LibTorch");
        Reachable("GpuWorker").ShouldNotContain("Orchestrator");
    }

    [Theory]
    [InlineData("MassTransit", new[] { "GpuWorker", "Orchestrator", "Cli" })]
    [InlineData("RabbitMQ", new[] { "GpuWorker", "Orchestrator", "Cli" })]
    [InlineData("Npgsql", new[] { "Orchestrator", "Cli", "Servers" })]
    [InlineData("Azure", new[] { "Contracts" })]
    [InlineData("TorchSharp", new[] { "Segmentation", "GpuWorker" })]
    public void A_package_stays_in_its_rooms(string prefix, string[] allowed)
    {
        var users = Drawing.Keys.Where(room => PackagesOf(room).Any(package => package.StartsWith(prefix, StringComparison.Ordinal)));

        users.ShouldBeSubsetOf(allowed);
    }

    [Theory]
    [InlineData("Segmentation")]
    [InlineData("Contracts")]
    [InlineData("Evaluation")]
    [InlineData("LibTorch")]
    public void Sources_below_the_hosts_do_not_name_the_bus(string room)
    {
        var offenders = SourcesOf(room).Where(file => File.ReadLines(file).Any(NamesTheBus)).Select(file => Path.GetRelativePath(Source, file));

        offenders.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Pipeline.Segmentation")]
    [InlineData("Pipeline.Evaluation")]
    public void No_public_type_of_the_science_mentions_the_bus(string assembly)
    {
        var loaded = Assembly.Load(assembly);

        loaded.GetReferencedAssemblies().Select(reference => reference.Name!)
            .ShouldNotContain(name => name.StartsWith("MassTransit", StringComparison.Ordinal));
        loaded.GetExportedTypes().ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_source_file_lives_in_the_namespace_of_its_room(string room)
    {
        var expected = room == "LibTorch" ? "TorchSharp" : $"Pipeline.{room}";

        var offenders =
            from file in SourcesOf(room)
            let line = File.ReadLines(file).FirstOrDefault(text => text.StartsWith("namespace ", StringComparison.Ordinal))
            where line is not null && line["namespace ".Length..].TrimEnd(';', ' ') is var space && space != expected
                && !space.StartsWith(expected + ".", StringComparison.Ordinal)
            select $"{Path.GetRelativePath(Source, file)}: {line}";

        offenders.ShouldBeEmpty();
    }

    private static bool NamesTheBus(string line) =>
        line.StartsWith("using ", StringComparison.Ordinal) && (line.Contains("MassTransit", StringComparison.Ordinal) || line.Contains("RabbitMQ", StringComparison.Ordinal));

    private static IEnumerable<string> SourcesOf(string room) =>
        Directory.EnumerateFiles(Path.Combine(Source, room), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static HashSet<string> Reachable(string room)
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>(ReferencesOf(room));
        while (open.TryDequeue(out var next))
        {
            if (reached.Add(next))
            {
                foreach (var reference in ReferencesOf(next))
                {
                    open.Enqueue(reference);
                }
            }
        }

        return reached;
    }

    private static string[] ReferencesOf(string room) =>
        [.. Includes(room, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))];

    private static string[] PackagesOf(string room) => [.. Includes(room, "PackageReference")];

    private static IEnumerable<string> Includes(string room, string item) =>
        XDocument.Load(Path.Combine(Source, room, $"{room}.csproj")).Descendants(item).Select(element => (string)element.Attribute("Include")!);

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds Pipeline.sln");
    }
}
