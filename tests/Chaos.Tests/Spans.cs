using System.Net;
using System.Text;

namespace Pipeline.Chaos.Tests;

/// <summary>A collector for OTLP over HTTP that keeps which trace each span belongs to.</summary>
/// <remarks>opentelemetry/proto/collector/trace/v1: request.resource_spans = 1, .scope_spans = 2, .spans = 2; span.trace_id = 1, .name = 5.</remarks>
internal sealed class Spans : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly Lock gate = new();
    private readonly List<(string Trace, string Name)> spans = [];

    public Spans(int port)
    {
        Address = new Uri($"http://127.0.0.1:{port}/");
        listener.Prefixes.Add(Address.ToString());
        listener.Start();
        _ = ListenAsync();
    }

    public Uri Address { get; }

    /// <returns>Names of spans by their trace.</returns>
    public ILookup<string, string> ByTrace()
    {
        lock (gate)
            return spans.ToLookup(span => span.Trace, span => span.Name);
    }

    public void Dispose() => listener.Close();

    private async Task ListenAsync()
    {
        while (true)
        {
            HttpListenerContext request;
            try
            {
                request = await listener.GetContextAsync();
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await request.Request.InputStream.CopyToAsync(body);
            if (request.Request.Url!.AbsolutePath == "/v1/traces")
                Read(body.ToArray());
            request.Response.Close();
        }
    }

    private void Read(ReadOnlyMemory<byte> request)
    {
        lock (gate)
        {
            spans.AddRange(
                from resource in Parts(request, 1)
                from scope in Parts(resource, 2)
                from span in Parts(scope, 2)
                select (Convert.ToHexStringLower(Parts(span, 1).Single().Span), Encoding.UTF8.GetString(Parts(span, 5).Single().Span)));
        }
    }

    /// <summary>The length-delimited fields of a protobuf message that have this number.</summary>
    private static List<ReadOnlyMemory<byte>> Parts(ReadOnlyMemory<byte> message, int field)
    {
        var parts = new List<ReadOnlyMemory<byte>>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message.Span, ref at);
            var length = (tag & 7) switch
            {
                0 => Skip(message.Span, at),
                1 => 8,
                5 => 4,
                _ => (int)Varint(message.Span, ref at),
            };
            if ((tag & 7) == 2 && tag >> 3 == (ulong)field)
                parts.Add(message.Slice(at, length));
            at += length;
        }

        return parts;
    }

    private static int Skip(ReadOnlySpan<byte> bytes, int at)
    {
        var end = at;
        Varint(bytes, ref end);
        return end - at;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
