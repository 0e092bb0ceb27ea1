namespace Pipeline.Fuzzing.Probing;

/// <summary>Runs inputs and judges what comes of them. Alone in its process, whose memory it watches.</summary>
internal sealed class Probe(IFuzzTarget target)
{
    /// <summary>The collector takes memory in steps of this order; a decoder that runs wild passes them at once.</summary>
    private const long PeakSlack = 192L << 20;

    public Observation Run(byte[] input)
    {
        var allocated = GC.GetTotalAllocatedBytes();
        var before = ProcessUsage.Now;
        Reading reading = default;
        Exception? fault = null;
        try
        {
            reading = target.Read(input);
        }
#pragma warning disable CA1031 // Whatever it is, it is what we are looking for.
        catch (Exception caught)
#pragma warning restore CA1031
        {
            fault = caught;
        }

        var after = ProcessUsage.Now;
        var time = after.Time - before.Time;
        var growth = after.PeakBytes - before.PeakBytes;
        var bytes = GC.GetTotalAllocatedBytes() - allocated;
        if (fault is not null && !target.IsRefusal(fault))
            return new Observation(Verdict.Fault, time, bytes, SignatureOf(fault), fault.ToString());
        if (fault is { Message: "" })
            return new Observation(Verdict.Fault, time, bytes, "silent", $"refused without a word: {fault}");
        var most = target.MostBytes(input.Length) + reading.Needed;
        if (bytes > most || growth > most + PeakSlack)
            return new Observation(Verdict.Fault, time, Math.Max(bytes, growth), "memory", $"{bytes} bytes allocated, the process grew by {growth}, for an input of {input.Length} bytes; at most {most} are allowed");
        return new Observation(reading.IsAccepted ? Verdict.Accepted : Verdict.Refused, time, bytes);
    }

    /// <summary>The type and the place in our own code that it passed first.</summary>
    private static string SignatureOf(Exception fault)
    {
        var place = fault.StackTrace?.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("at Pipeline.", StringComparison.Ordinal)) ?? "";
        var end = place.IndexOf('(', StringComparison.Ordinal);
        return $"{fault.GetType().Name} {(end < 0 ? place : place[..end])}".Trim();
    }
}
