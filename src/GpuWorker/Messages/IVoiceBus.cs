using MassTransit;

namespace Pipeline.GpuWorker.Messages;

/// <summary>The bus behind a worker's <see cref="Voice"/>: it has no consumers.</summary>
public interface IVoiceBus : IBus;
