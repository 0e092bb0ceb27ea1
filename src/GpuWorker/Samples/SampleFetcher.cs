using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Inference;

namespace Pipeline.GpuWorker.Samples;

/// <summary>Fetches the images that lie at addresses. What cannot be had becomes a failure of the sample.</summary>
internal sealed class SampleFetcher(ImageFetcher images, TimeProvider clock, IInferenceWatch watch)
{
    /// <exception cref="OperationCanceledException">The token.</exception>
    public async Task<FetchedSample> FetchAsync(Sample sample, CancellationToken token)
    {
        if (sample.Image.Url is not { } address)
        {
            return new FetchedSample(sample, null, null);
        }

        var started = clock.GetTimestamp();
        try
        {
            return new FetchedSample(sample, await images.FetchAsync(address, sample.ContentHash, token), null);
        }
        catch (ImageFetchException fault)
        {
            return new FetchedSample(sample, null, new PredictionFailure(fault.Class, "fetch", fault.Message));
        }
#pragma warning disable CA1031 // Whatever a host answers is a fault of that image, never of the shard.
        catch (Exception fault) when (!token.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new FetchedSample(sample, null, new PredictionFailure(FaultClass.Transient, "fetch", $"{ImageUrl.Plain(address)}: {fault.Message}"));
        }
        finally
        {
            watch.Took("image", clock.GetElapsedTime(started));
        }
    }
}
