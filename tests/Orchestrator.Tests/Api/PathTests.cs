using System.Net;
using System.Net.Sockets;
using Pipeline.Contracts.Api;

namespace Pipeline.Orchestrator.Tests.Api;

/// <summary>Attempts to make the orchestrator read what it should not, or ask addresses for others.</summary>
public sealed class PathTests(OpenHost open) : IClassFixture<OpenHost>
{
    private readonly ApiHost host = open.Host;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/etc/there-is-no-such-file")]
    [InlineData("../../../../../../../../etc/passwd")]
    [InlineData("model/../../../../../../../etc/passwd")]
    [InlineData("/proc/self/environ")]
    public async Task A_dataset_outside_of_the_data_folders_is_refused_without_a_word_on_whether_it_is_there(string path)
    {
        var problem = await RefusedAsync(host.ManifestJob(path));
        var error = problem.Errors!.ShouldHaveSingleItem();
        error.Path.ShouldBe("dataset.path");
        error.Message.ShouldBe($"{path} lies outside of the orchestrator's data folders; use a path inside them, or have its operator add the folder to Data:Roots");
    }

    [Fact]
    public async Task A_checkpoint_outside_of_the_data_folders_is_refused()
    {
        var problem = await RefusedAsync(host.Job().Replace(host.Checkpoint, "/etc", StringComparison.Ordinal));
        problem.Errors!.ShouldHaveSingleItem().Path.ShouldBe("model.checkpoint");
    }

    [Fact]
    public async Task A_link_that_leads_out_of_the_data_folders_leads_to_nothing()
    {
        var outside = Directory.CreateTempSubdirectory("outside-");
        File.WriteAllText(Path.Combine(outside.FullName, "manifest.jsonl"), "");
        File.CreateSymbolicLink(Path.Combine(host.Data, "file-link.jsonl"), Path.Combine(outside.FullName, "manifest.jsonl"));
        Directory.CreateSymbolicLink(Path.Combine(host.Data, "folder-link"), outside.FullName);
        Directory.CreateSymbolicLink(Path.Combine(host.Data, "chain"), Path.Combine(host.Data, "folder-link"));
        Directory.CreateSymbolicLink(Path.Combine(host.Data, "circle"), Path.Combine(host.Data, "circle"));
        try
        {
            foreach (var path in (string[])["file-link.jsonl", "folder-link/manifest.jsonl", "chain/manifest.jsonl", "circle/manifest.jsonl"])
            {
                var problem = await RefusedAsync(host.ManifestJob(Path.Combine(host.Data, path)));
                problem.Errors!.ShouldHaveSingleItem().Message.ShouldContain("lies outside");
            }
        }
        finally
        {
            outside.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_link_inside_the_data_folders_and_a_path_from_them_are_right()
    {
        host.WriteData("real.jsonl", """{"id":"a","image":"gone.png","expressions":[{"text":"x"}]}""" + "\n");
        File.CreateSymbolicLink(Path.Combine(host.Data, "inner.jsonl"), "real.jsonl");

        (await host.EndOfAsync((await host.SubmitAsync(host.ManifestJob("inner.jsonl"))).Id)).State.ShouldBe("done");
    }

    [Theory]
    [InlineData("http://127.0.0.1:{port}/manifest.jsonl")]
    [InlineData("HTTP://localhost:{port}/manifest.jsonl")]
    [InlineData("https://[::1]:{port}/manifest.jsonl")]
    [InlineData("http:/127.0.0.1:{port}/manifest.jsonl")]
    [InlineData("ftp://127.0.0.1:{port}/manifest.jsonl")]
    [InlineData("//127.0.0.1:{port}/share/manifest.jsonl")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("file:///etc/passwd")]
    public async Task An_address_in_the_place_of_a_dataset_is_refused_and_nobody_is_asked(string address)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        address = address.Replace("{port}", ((IPEndPoint)listener.LocalEndpoint).Port.ToString(), StringComparison.Ordinal);

        var error = (await RefusedAsync(host.ManifestJob(address))).Errors!.ShouldHaveSingleItem();

        error.Path.ShouldBe("dataset.path");
        error.Message.ShouldContain("is an address");
        listener.Pending().ShouldBeFalse();
    }

    [Theory]
    [InlineData("\"image\":\"/etc/hostname\"", "image", "lies outside")]
    [InlineData("\"image\":\"../../../../../../etc/hostname\"", "image", "lies outside")]
    [InlineData("\"image\":\"/dev/zero\"", "image", "lies outside")]
    [InlineData("\"image\":\"http://127.0.0.1:{port}/a.png\"", "image", "is an address")]
    [InlineData("\"image\":\"http://169.254.169.254/a.png\"", "image", "is an address")]
    public async Task A_manifest_that_names_images_elsewhere_is_not_planned_and_nobody_is_asked(string image, string field, string message)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        image = image.Replace("{port}", ((IPEndPoint)listener.LocalEndpoint).Port.ToString(), StringComparison.Ordinal);
        var manifest = host.WriteData($"{Guid.NewGuid():N}.jsonl", $$"""{"id":"a",{{image}},"expressions":[{"text":"x"}]}""" + "\n");

        var job = await host.EndOfAsync((await host.SubmitAsync(host.ManifestJob(manifest))).Id);

        job.State.ShouldBe("stopped");
        job.Reason.ShouldNotBeNull().ShouldContain($":1 {field}: ");
        job.Reason.ShouldContain(message);
        listener.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task A_mask_elsewhere_is_not_planned_either()
    {
        var manifest = host.WriteData("mask.jsonl", """{"id":"a","image":"gone.png","expressions":[{"text":"x","mask":"/etc/hostname"}]}""" + "\n");
        var job = await host.EndOfAsync((await host.SubmitAsync(host.ManifestJob(manifest))).Id);
        job.Reason.ShouldNotBeNull().ShouldContain("expressions[0].mask: '/etc/hostname' lies outside");
    }

    [Theory]
    [InlineData("/v1/jobs/../../../../etc/passwd")]
    [InlineData("/v1/jobs/%2e%2e/%2e%2e/keys.json")]
    [InlineData("/v1/jobs/..%2f..%2fkeys.json/report")]
    [InlineData("/v1/jobs/{id}/report/..%2f..%2fledger")]
    [InlineData("/v1/jobs/{id}/export/%2e%2e%2fkeys.json")]
    [InlineData("/v1/jobs/{id}/report?format=../../keys")]
    [InlineData("/v1/jobs/{id}%00/report")]
    [InlineData("/v1/jobs/00000000-0000-0000-0000-00000000000g/report")]
    public async Task No_path_of_a_request_reaches_a_file(string path)
    {
        var job = await host.SubmitAsync();
        using var raw = new TcpClient();
        await raw.ConnectAsync(IPAddress.Loopback, host.Address.Port, Token);
        await using var stream = raw.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(
            $"GET {path.Replace("{id}", job.Id.ToString(), StringComparison.Ordinal)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), Token);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(Token);
        answer.ShouldMatch("^HTTP/1.1 40[04] ");
        answer.ShouldNotContain("root:");
        answer.ShouldNotContain("sha256");
    }

    private async Task<Problem> RefusedAsync(string job)
    {
        using var response = await host.PostAsync("/v1/jobs", ApiHost.Yaml(job));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        return await ApiHost.ProblemAsync(response);
    }
}
