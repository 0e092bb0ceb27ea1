using System.Text.Json;
using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Optimization;

/// <summary>A training on disk: weights, optimiser, average and progress in one safetensors file, from which it continues bit for bit.</summary>
/// <remarks>Tensors <c>weights.*</c>, <c>muon.*</c>, <c>adamw.*</c>, <c>average.*</c>; <c>progress</c> is the UTF-8 text of a JSON object.</remarks>
internal sealed class TrainingState : IDisposable
{
    private const string WeightsKey = "weights";
    private const string ProgressKey = "progress";

    private readonly Checkpoint checkpoint;

    private TrainingState(Checkpoint checkpoint, TrainingProgress progress) => (this.checkpoint, Progress) = (checkpoint, progress);

    public TrainingProgress Progress { get; }

    /// <summary>Writes a state in place of the one before; whoever is killed meanwhile leaves that one whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">What <see cref="Open"/> gives back.</param>
    /// <param name="weights">All that the model has, frozen ones and buffers too; float32.</param>
    /// <param name="optimizer">Its memory is written.</param>
    /// <param name="average">Not swapped.</param>
    public static void Write(
        string path, TrainingProgress progress, IReadOnlyDictionary<string, Tensor> weights, Optimizer optimizer, WeightAverage average)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var state = weights.ToDictionary(pair => $"{WeightsKey}.{pair.Key}", pair => pair.Value.detach());
        optimizer.AddTo(state);
        average.AddTo(state);
        state.Add(ProgressKey, tensor(JsonSerializer.SerializeToUtf8Bytes(progress)));
        SafetensorsWriter.Write(path, state);
    }

    /// <param name="path">Written by <see cref="Write"/>.</param>
    /// <param name="recipe">Hash of the recipe to be continued.</param>
    /// <exception cref="CheckpointException">It cannot be read, is no state, or one of another recipe.</exception>
    public static TrainingState Open(string path, string recipe)
    {
        var checkpoint = Checkpoint.Open(path, CPU, ScalarType.Float32);
        try
        {
            var progress = JsonSerializer.Deserialize<TrainingProgress>(checkpoint.Weights.Get(ProgressKey, -1).bytes)
                ?? throw new JsonException("nothing there");
            return progress.Recipe == recipe
                ? new TrainingState(checkpoint, progress)
                : throw new CheckpointException(
                    $"{path}: the training was begun with recipe {progress.Recipe}, but this one is {recipe}; continue with that recipe, or remove the file to begin anew");
        }
        catch (JsonException fault)
        {
            checkpoint.Dispose();
            throw new CheckpointException($"{path}: tensor '{ProgressKey}' is not the progress of a training: {fault.Message}", fault);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Puts everything back in place.</summary>
    /// <param name="weights">Overwritten.</param>
    /// <param name="optimizer">Over parameters of the same names, rules and shapes.</param>
    /// <param name="average">Likewise.</param>
    /// <exception cref="CheckpointException">Something is missing or has another shape.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> weights, Optimizer optimizer, WeightAverage average)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, weight) in weights)
            weight.copy_(checkpoint.Weights[WeightsKey].Get(name, weight.shape));
        optimizer.Restore(checkpoint.Weights);
        average.Restore(checkpoint.Weights);
    }

    public void Dispose() => checkpoint.Dispose();
}
