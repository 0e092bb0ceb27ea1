using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Pipeline.GpuWorker.Hosting;
using Pipeline.Orchestrator.Hosting;

namespace Pipeline.EndToEnd.Tests;

/// <summary>Holds <c>infra/compose.yaml</c>, which no test can start, to what the hosts really read.</summary>
public sealed partial class ComposeTests
{
    /// <summary>What a worker takes to hand back and to close after its time to drain.</summary>
    private static readonly TimeSpan AfterDraining = TimeSpan.FromSeconds(15);

    private static readonly string Folder = Path.Combine(PipelineCommand.Repository, "infra");
    private static readonly ComposeFile Compose = ComposeFile.Read(Folder);

    public static TheoryData<string> Services => new(Compose.Services);

    public static TheoryData<string, Type> Hosts => new() { { "orchestrator", typeof(OrchestratorHost) }, { "worker", typeof(WorkerOptions) } };

    [Fact]
    public void It_has_the_three_servers_an_orchestrator_and_workers() =>
        Compose.Services.ShouldBe(["rabbitmq", "postgres", "azurite", "orchestrator", "worker"], ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Every_setting_of_a_host_is_one_of_its_options(string service, Type host)
    {
        var sections = Sections(host.Assembly);
        var settings = Compose.Environment(service).Keys.Where(name => name.Contains("__", StringComparison.Ordinal)).ToList();

        settings.ShouldNotBeEmpty();
        settings.Where(name => !IsOption(sections, name.Split("__"))).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_service_is_pinned_to_a_version_starts_again_and_says_how_it_is(string service)
    {
        Compose.Word(service, "image").ShouldNotBeNull().ShouldMatch(@":\d+\.\d+(\.\d+)?(-[a-z]+)?$");
        Compose.Word(service, "restart").ShouldBe("unless-stopped");
        Compose.Has(service, "healthcheck").ShouldBeTrue();
    }

    [Fact]
    public void The_image_of_the_hosts_is_built_from_pinned_ones()
    {
        var bases = File.ReadLines(Path.Combine(Folder, "docker", "Dockerfile")).Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)).ToList();

        bases.ShouldNotBeEmpty();
        bases.ShouldAllBe(line => Pinned().IsMatch(line));
    }

    [Theory]
    [InlineData("rabbitmq")]
    [InlineData("postgres")]
    [InlineData("azurite")]
    [InlineData("orchestrator")]
    public void What_must_outlive_a_container_lies_in_a_volume(string service)
    {
        var mounted = Compose.List(service, "volumes").Select(mount => mount.Split(':')[0]);

        mounted.Intersect(Compose.Volumes).ShouldHaveSingleItem();
    }

    [Fact]
    public void Only_the_api_is_published_and_only_to_this_machine()
    {
        Compose.Services.Where(service => Compose.Has(service, "ports")).ShouldBe(["orchestrator"]);
        var published = Compose.List("orchestrator", "ports").ShouldHaveSingleItem().Split(':');
        published[0].ShouldBe("127.0.0.1");
        published[2].ShouldBe(new Uri(Compose.Environment("orchestrator")["ASPNETCORE_URLS"]).Port.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_worker_may_drain_before_it_is_killed()
    {
        var drain = int.Parse(Compose.Environment("worker")["Worker__DrainSeconds"], CultureInfo.InvariantCulture);

        Compose.StopGracePeriod("worker").ShouldBeGreaterThan(TimeSpan.FromSeconds(drain) + AfterDraining);
    }

    [Fact]
    public void Every_secret_is_a_variable_that_the_example_names()
    {
        var secrets = Secret().Matches(Compose.Text).Select(match => match.Groups[1].Value).ToList();
        var example = File.ReadAllLines(Path.Combine(Folder, "env.example"));

        secrets.Count.ShouldBe(6);
        secrets.ShouldAllBe(value => value.StartsWith("${", StringComparison.Ordinal));
        foreach (var name in Required().Matches(Compose.Text).Select(match => match.Groups[1].Value).Distinct())
            example.ShouldContain($"{name}=");
    }

    /// <summary>The options that a host's assembly and the rooms below it declare, by section.</summary>
    private static Dictionary<string, Type> Sections(Assembly host)
    {
        var below = host.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("Pipeline.", StringComparison.Ordinal)).Select(Assembly.Load);
        var options =
            from assembly in below.Prepend(host)
            from type in assembly.GetTypes()
            let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static)
            where section is { IsLiteral: true }
            select (Name: (string)section.GetRawConstantValue()!, type);
        return options.ToDictionary(option => option.Name, option => option.type);
    }

    private static bool IsOption(Dictionary<string, Type> sections, string[] names)
    {
        if (!sections.TryGetValue(names[0], out var type))
            return false;
        foreach (var name in names[1..])
        {
            var isIndex = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);
            if (isIndex ? !type.IsGenericType : type.GetProperty(name) is null)
                return false;
            type = isIndex ? type.GetGenericArguments()[0] : type.GetProperty(name)!.PropertyType;
        }

        return names.Length > 1;
    }

    [GeneratedRegex(@"^FROM \S+:\d+\.\d+\.\d+\S*( AS \w+)?$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"(?:_PASS: |_PASSWORD: |Password=|AccountKey=|AZURITE_ACCOUNTS: pipeline:|amqp://pipeline:)(\S+)")]
    private static partial Regex Secret();

    [GeneratedRegex(@"\$\{(\w+):\?")]
    private static partial Regex Required();
}
