using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.Evaluation;

namespace Pipeline.Contracts.Tests.Results;

public sealed class ShardResultFileTests
{
    private static readonly ShardResult Result = new(
        Guid.Parse("11111111-2222-3333-4444-555555555555"),
        Shard: 3,
        Attempt: 2,
        Worker: "worker-a",
        CodeVersion: "0.1.0",
        [
            new Prediction
            {
                Sample = "s-1",
                Expression = 0,
                Variant = 1,
                Mask = new Rle(4, 3, "0<`"),
                Overlap = new MaskOverlap(5, 8),
                VisualTokens = [16, 16, 8],
                Tokens = [20, 20, 12],
                Tflops = 0.1 + 0.2,
                LlmMilliseconds = 1.5,
                TotalMilliseconds = 2.25,
            },
            new Prediction { Sample = "s-1", Expression = 1, Variant = 1, Failure = new PredictionFailure(FaultClass.Poison, "decode", "a.jpg is no image") },
        ]);

    [Fact]
    public async Task A_result_comes_back_as_it_was_written() =>
        JsonSerializer.Serialize(await ReadAsync(ShardResultFile.Write(Result)), ContractsJson.Options)
            .ShouldBe(JsonSerializer.Serialize(Result, ContractsJson.Options));

    /// <summary>What results are full of, and whatever is at the edges of it.</summary>
    public static TheoryData<Prediction> Predictions => new(
        Result.Predictions[0],
        Result.Predictions[1],
        Result.Predictions[0] with { Mask = new Rle(4, 3, "0<\\`\"o"), Sample = "Ärger \u0001 \ud83d\ude00 </script>" },
        Result.Predictions[0] with { Mask = null, Overlap = null, VisualTokens = [], Tokens = [] },
        Result.Predictions[0] with { Overlap = new MaskOverlap(0, 0), Tflops = 1e-7, VisualTokens = [.. Enumerable.Range(0, 100)], Tokens = new List<int> { 1, 2 } },
        Result.Predictions[0] with { Overlap = new MaskOverlap(long.MaxValue, long.MaxValue), Tflops = double.MaxValue, LlmMilliseconds = 0 },
        Result.Predictions[0] with { Stages = [new TokenStage(0, [1, 2, 3])] },
        Result.Predictions[0] with { Answer = new GeneratedAnswer("It is [SEG] .", 1, 6) { DecodeMilliseconds = 3.5 } },
        Result.Predictions[0] with { Answer = new GeneratedAnswer("\"Ä\" 😀", 2, 9) { Truncated = true, Parts = [new Rle(4, 3, "0<`"), new Rle(4, 3, "0<\\`\"o")] } });

    [Theory]
    [MemberData(nameof(Predictions))]
    public async Task A_prediction_has_the_digest_and_the_value_that_the_serializer_gives_it(Prediction prediction)
    {
        var answer = prediction.Answer is { } said ? said with { DecodeMilliseconds = 0 } : null;
        var essence = JsonSerializer.SerializeToUtf8Bytes(
            prediction with { LlmMilliseconds = 0, TotalMilliseconds = 0, Stages = null, Answer = answer }, ContractsJson.Options);
        PredictionDigest.Of([prediction]).ToBytes().ShouldBe(System.Security.Cryptography.SHA256.HashData(essence));

        var read = (await ReadAsync(ShardResultFile.Write(Result with { Predictions = [prediction] }))).Predictions.Single();
        JsonSerializer.Serialize(read, ContractsJson.Options).ShouldBe(JsonSerializer.Serialize(prediction, ContractsJson.Options));
    }

    [Fact]
    public void A_digest_knows_what_was_said_and_not_how_long_it_took()
    {
        var answer = new GeneratedAnswer("Sure, [SEG] .", 1, 6);
        Digest(answer with { DecodeMilliseconds = 7 }).ShouldBe(Digest(answer));
        Digest(answer with { Text = "It is [SEG] ." }).ShouldNotBe(Digest(answer));
        Digest(answer with { Truncated = true }).ShouldNotBe(Digest(answer));
        Digest(answer with { Parts = [new Rle(4, 3, "0<`")] }).ShouldNotBe(Digest(answer));

        static string Digest(GeneratedAnswer answer) => PredictionDigest.Of([Result.Predictions[0] with { Answer = answer }]).ToString();
    }

    [Fact]
    public void Equal_results_give_equal_bytes() =>
        ShardResultFile.Write(Result).ShouldBe(ShardResultFile.Write(Result with { Predictions = [.. Result.Predictions] }));

    [Fact]
    public async Task A_shard_without_predictions_is_a_result_too() =>
        (await ReadAsync(ShardResultFile.Write(Result with { Predictions = [] }))).Predictions.ShouldBeEmpty();

    [Fact]
    public async Task A_result_cut_at_any_byte_is_refused_unless_only_the_end_of_the_compression_is_lost()
    {
        const int endOfBlockAndChecksum = 1 + 8;
        var bytes = ShardResultFile.Write(Result);
        for (var length = 0; length < bytes.Length - endOfBlockAndChecksum; length++)
            await RefusedAsync(bytes[..length], $"cut at {length} of {bytes.Length}");
        for (var length = bytes.Length - endOfBlockAndChecksum; length < bytes.Length; length++)
            PredictionDigest.Of((await ReadAsync(bytes[..length])).Predictions).ToString().ShouldBe(PredictionDigest.Of(Result.Predictions).ToString());
    }

    [Fact]
    public async Task A_result_with_fewer_or_more_predictions_than_promised_is_refused()
    {
        var lines = Unzip(ShardResultFile.Write(Result)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        (await RefusedAsync(Zip(lines[..^1]))).ShouldContain("promises 2 predictions, it holds 1");
        (await RefusedAsync(Zip([.. lines, lines[^1]]))).ShouldContain("promises 2 predictions, and here is another line");
    }

    [Fact]
    public async Task A_result_that_promises_more_than_its_shard_has_is_not_read_on()
    {
        var fault = await Should.ThrowAsync<InvalidDataException>(
            () => ShardResultFile.ReadAsync(new MemoryStream(ShardResultFile.Write(Result)), "result", most: 1, TestContext.Current.CancellationToken));

        fault.Message.ShouldBe("result:1: promises 2 predictions; its shard has 1.");
    }

    [Fact]
    public async Task A_result_that_unpacks_without_end_is_left_at_the_limit()
    {
        // Some megabytes that unpack to more than two gigabytes of blank lines.
        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            var promise = Unzip(ShardResultFile.Write(Result)).Split('\n')[0].Replace("\"predictions\":2", $"\"predictions\":{int.MaxValue}", StringComparison.Ordinal);
            gzip.Write(Encoding.UTF8.GetBytes(promise + "\n"));
            var line = Encoding.UTF8.GetBytes(new string(' ', 63 << 20) + JsonSerializer.Serialize(Result.Predictions[0], ContractsJson.Options) + "\n");
            for (var written = 0L; written <= ShardResultFile.LargestUnpacked; written += line.Length)
                gzip.Write(line);
        }

        bomb.Position = 0;
        var fault = await Should.ThrowAsync<InvalidDataException>(() => ShardResultFile.ReadAsync(bomb, "result", TestContext.Current.CancellationToken));

        fault.Message.ShouldBe($"result: holds more than {ShardResultFile.LargestUnpacked} bytes, the most that are read");
    }

    [Theory]
    [InlineData("\\ud83d")]
    [InlineData("\\udc00")]
    public async Task A_text_with_half_a_character_is_refused(string half)
    {
        var lines = Unzip(ShardResultFile.Write(Result)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        (await RefusedAsync(Zip([lines[0], lines[1].Replace("\"sample\":\"", $"\"sample\":\"{half}", StringComparison.Ordinal), lines[2]]))).ShouldContain(":2: not a prediction");
    }

    [Fact]
    public async Task A_result_of_another_format_is_refused()
    {
        var lines = Unzip(ShardResultFile.Write(Result)).Replace("shard-result/1", "shard-result/9", StringComparison.Ordinal);
        (await RefusedAsync(Zip(lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)))).ShouldContain("this version reads");
    }

    [Fact]
    public async Task Bytes_that_are_no_gzip_are_refused() =>
        (await RefusedAsync("{\"format\":1}\n"u8.ToArray())).ShouldContain("damaged");

    [Fact]
    public void The_digest_is_the_same_in_any_order_and_for_parts_that_are_merged()
    {
        var (first, second) = (Result.Predictions[0], Result.Predictions[1]);
        var whole = PredictionDigest.Of([first, second]).ToString();
        var merged = PredictionDigest.Of([second]);
        merged.Merge(PredictionDigest.Of([first]).ToBytes());

        PredictionDigest.Of([second, first]).ToString().ShouldBe(whole);
        merged.ToString().ShouldBe(whole);
    }

    [Fact]
    public void The_digest_sees_masks_tokens_and_failures_but_no_times_and_no_stages()
    {
        var (first, second) = (Result.Predictions[0], Result.Predictions[1]);
        var digest = PredictionDigest.Of([first, second]).ToString();

        PredictionDigest.Of([first with { LlmMilliseconds = 99, TotalMilliseconds = 99 }, second]).ToString().ShouldBe(digest);
        PredictionDigest.Of([first with { Stages = [new TokenStage(0, [1, 2])] }, second]).ToString().ShouldBe(digest);
        PredictionDigest.Of([first]).ToString().ShouldNotBe(digest);
        PredictionDigest.Of([first with { Mask = new Rle(4, 3, "0<a") }, second]).ToString().ShouldNotBe(digest);
        PredictionDigest.Of([first with { Tokens = [20, 20, 13] }, second]).ToString().ShouldNotBe(digest);
        PredictionDigest.Of([first with { Tflops = Math.BitIncrement(first.Tflops) }, second]).ToString().ShouldNotBe(digest);
        PredictionDigest.Of([first, second with { Failure = null }]).ToString().ShouldNotBe(digest);
    }

    private static Task<ShardResult> ReadAsync(byte[] bytes) =>
        ShardResultFile.ReadAsync(new MemoryStream(bytes), "result", TestContext.Current.CancellationToken);

    private static async Task<string> RefusedAsync(byte[] bytes, string? when = null) =>
        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(bytes), when)).Message;

    private static string Unzip(byte[] bytes)
    {
        using var reader = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    private static byte[] Zip(IEnumerable<string> lines)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        return bytes.ToArray();
    }
}
