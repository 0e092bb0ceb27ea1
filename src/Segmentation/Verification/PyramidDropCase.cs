using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Llama;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Pruning.Methods;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Verification;

/// <summary>PyramidDrop's part of the pruning group: what every stage keeps, what is left in the end, and generation behind it.</summary>
internal static class PyramidDropCase
{
    private const double DecodeTolerance = 3e-4;

    public static void Verify(GoldenFolder golden, ConfigFile parameters, LlamaModel model, Tensor embeddings)
    {
        var stages = golden.Series("pdrop.stage*.keep_global");
        string[] names =
        [
            .. stages.SelectMany(stage => (string[])[stage.Name, Sibling(stage.Name, "keep_local"), Sibling(stage.Name, "position_ids")]),
            "pdrop.logits", "pdrop.last_hidden", "pdrop.decode.tokens", "pdrop.decode.logits", "pdrop.decode.kv_lengths",
        ];
        golden.Guard(names, () =>
        {
            var (length, visual) = ((int)embeddings.shape[1], parameters.Positive("image_tokens"));
            var instruction = visual + parameters.Positive("pdrop_prompt_len") - 1;
            var layout = new SequenceLayout(parameters.Positive("pdrop_image_token_posi"), visual, [new SequenceRow(length, instruction, [])]);
            var plan = Plan(parameters, model, layout);
            if (plan.Count != stages.Count)
                throw new InvalidDataException($"pdrop_layer_list has {plan.Count} layers; expected {stages.Count}, one per stage in io.safetensors");
            var seen = new StageRecord[plan.Count];
            using var decided = PruningExecutor.Run(model, embeddings, layout, [.. plan.Select((step, stage) => Watched(step, stage, seen))], PruningGroup.NoImage);
            for (var stage = 0; stage < plan.Count; stage++)
            {
                var (record, after) = (seen[stage], stage + 1 < plan.Count ? seen[stage + 1].Positions : Values(decided.Positions));
                golden.Decide(stages[stage].Name, () => tensor(Around(record.Kept, layout, length)));
                golden.Decide(Sibling(stages[stage].Name, "keep_local"), () => tensor(Around([.. record.Kept.Select(token => (long)Array.IndexOf(record.Present, token))], layout, length - visual + record.Present.Length)));
                golden.Decide(Sibling(stages[stage].Name, "position_ids"), () => tensor(after, [1, after.Length]));
            }

            // The rest is about the tokens upstream kept, also where a smaller type decided otherwise.
            var forced = plan.Select((step, stage) => Forced(step, golden.Input(stages[stage].Name), layout));
            Continue(golden, model, embeddings, layout, golden.Dtype == ScalarType.Float32 ? plan : [.. forced]);
        });
    }

    private static void Continue(GoldenFolder golden, LlamaModel model, Tensor embeddings, SequenceLayout layout, IReadOnlyList<PruningStep> plan)
    {
        using var cache = new KeyValueCache(model.Layers.Count);
        using var prefill = PruningExecutor.Run(model, embeddings, layout, plan, PruningGroup.NoImage, cache);
        golden.Compare("pdrop.logits", PruningGroup.LogitTolerance, () => model.Logits(prefill.Hidden));
        golden.Compare("pdrop.last_hidden", PruningGroup.HiddenTolerance, () => prefill.Hidden);

        var expected = Values(golden.Expected().Weights.Get("pdrop.decode.tokens"));
        var decoding = new PrunedDecoding(model, prefill, cache);
        var (tokens, lengths, logits) = (new List<long>(), new List<long>(), new List<Tensor>());
        var last = prefill.Hidden.narrow(1, prefill.IndexOf(layout.Rows[0].Length - 1), 1);
        while (true)
        {
            logits.Add(model.Logits(last).flatten(0, 1));
            var token = logits[^1].argmax(-1);
            tokens.Add(token.item<long>());
            lengths.AddRange(cache.Lengths.Select(count => (long)count));
            if (tokens.Count == expected.Length) break;
            last = decoding.Step(model.Embed(token.view(1, 1)));
        }

        golden.Decide("pdrop.decode.tokens", () => tensor(tokens.ToArray()));
        golden.Compare("pdrop.decode.kv_lengths", 0, () => tensor(lengths.ToArray(), [tokens.Count, model.Layers.Count]));
        // Behind the first other token the logits belong to another text.
        var same = Math.Min(tokens.Count, 1 + tokens.Zip(expected).TakeWhile(pair => pair.First == pair.Second).Count());
        golden.Compare("pdrop.decode.logits", DecodeTolerance, () => cat(logits).narrow(0, 0, same), whole => whole.narrow(0, 0, same));
    }

    /// <summary>One step per boundary, also where nothing is dropped.</summary>
    private static IReadOnlyList<PruningStep> Plan(ConfigFile parameters, LlamaModel model, SequenceLayout layout)
    {
        var options = new PyramidDropOptions
        {
            Boundaries = parameters.Integers("pdrop_layer_list", []),
            Ratios = [.. parameters.Numbers("pdrop_ratios").Skip(1)],
        };
        var shape = PruningGroup.Shape(model, layout);
        var plan = new PyramidDrop(options).Plan(shape);
        var schedule = Schedule.Of(plan, shape);
        return
        [
            .. options.Boundaries.Select(layer => plan.FirstOrDefault(step => step.BeforeLayer == layer)
                ?? new PruningStep(layer, schedule.VisualTokens[layer], null, context => new VisualSelection(context.Tokens)) { Positions = PositionMode.Dense }),
        ];
    }

    private static PruningStep Watched(PruningStep step, int stage, StageRecord[] seen) => step with
    {
        Select = context =>
        {
            var selection = step.Select(context);
            seen[stage] = new StageRecord(Values(context.Tokens), Values(selection.Tokens), Values(context.Positions));
            return selection;
        },
    };

    private static PruningStep Forced(PruningStep step, Tensor kept, SequenceLayout layout)
    {
        var tokens = (kept.narrow(0, layout.VisualStart, step.VisualTokens) - layout.VisualStart).unsqueeze(0);
        return step with { Need = null, Select = _ => new VisualSelection(tokens) };
    }

    /// <summary>Visual tokens as indices of a sequence, with the text around them.</summary>
    private static long[] Around(long[] visual, SequenceLayout layout, int length)
    {
        var present = length - (layout.Rows[0].Length - layout.VisualTokens);
        return
        [
            .. Enumerable.Range(0, layout.VisualStart).Select(index => (long)index),
            .. visual.Select(token => layout.VisualStart + token),
            .. Enumerable.Range(layout.VisualStart + present, length - layout.VisualStart - present).Select(index => (long)index),
        ];
    }

    private static string Sibling(string name, string part) => name.Replace("keep_global", part, StringComparison.Ordinal);

    private static long[] Values(Tensor values) => values.cpu().contiguous().data<long>().ToArray();

    /// <summary>What a stage saw and did.</summary>
    /// <param name="Present">Visual tokens that entered.</param>
    /// <param name="Kept">Those that left.</param>
    /// <param name="Positions">Position ids of the whole sequence that entered.</param>
    private sealed record StageRecord(long[] Present, long[] Kept, long[] Positions);
}
