using System.CommandLine;
using System.IO.Compression;
using System.Text.Json;
using Pipeline.Cli.Client;
using Pipeline.Contracts;
using Pipeline.Contracts.Api;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline export JOB</c>: all predictions that are done so far.</summary>
public static class ExportCommand
{
    public static Command Create()
    {
        var job = ClientCommand.Job();
        var file = new Option<string>("--out") { HelpName = "FILE", Description = "File to write: gzip over JSON lines, a header and then one prediction a line.", Required = true };
        return ClientCommand.Create(
            "export",
            "Get all predictions of a job that are done so far.",
            "pipeline export nightly --out nightly.jsonl.gz",
            [job, file],
            async (session, line, token) => await ExportAsync(session, await session.Client.FindAsync(line.GetRequiredValue(job), token), line.GetRequiredValue(file), token));
    }

    /// <summary>The file appears when it is whole: as many predictions as its header says.</summary>
    private static async Task<int> ExportAsync(ClientSession session, Guid job, string file, CancellationToken token)
    {
        var unfinished = file + ".unfinished";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        try
        {
            using (var response = await session.Client.SendAsync(HttpMethod.Get, $"jobs/{job}/export", null, token))
            {
                await using var target = File.Create(unfinished);
                await response.Content.CopyToAsync(target, token);
            }

            var header = await CheckAsync(unfinished, token);
            File.Move(unfinished, file, overwrite: true);
            return await session.AnswerAsync(header, (exported, output) => output.WriteLine(
                $"{file}: {exported.Predictions} predictions{(exported.Partial ? $" of {exported.PredictionsPlanned}, the job is {exported.State}" : "")}"));
        }
        catch (HttpRequestException fault)
        {
            throw new IOException($"The export broke off: {fault.Message} Try again.", fault);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static async Task<ExportHeader> CheckAsync(string file, CancellationToken token)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        var header = JsonSerializer.Deserialize<ExportHeader>(await reader.ReadLineAsync(token) ?? "null", ContractsJson.Options) ?? throw new IOException("The export is empty; try again.");
        var predictions = 0L;
        while (await reader.ReadLineAsync(token) is not null)
            predictions++;
        return predictions == header.Predictions ? header : throw new IOException($"The export holds {predictions} of {header.Predictions} predictions; try again.");
    }
}
