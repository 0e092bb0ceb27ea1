using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Pipeline.Evaluation.Tests;

/// <summary>Just enough of the format for bytes and integers: 8 bytes header length, JSON header, raw data.</summary>
internal sealed class Safetensors
{
    private readonly byte[] file;
    private readonly int data;
    private readonly JsonElement header;

    public Safetensors(byte[] file)
    {
        this.file = file;
        data = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        using var document = JsonDocument.Parse(file.AsMemory(8, data - 8));
        header = document.RootElement.Clone();
    }

    public int[] Shape(string name) => [.. header.GetProperty(name).GetProperty("shape").EnumerateArray().Select(side => side.GetInt32())];

    public ReadOnlySpan<byte> Bytes(string name)
    {
        var offsets = header.GetProperty(name).GetProperty("data_offsets");
        return file.AsSpan((data + offsets[0].GetInt32())..(data + offsets[1].GetInt32()));
    }

    public ReadOnlySpan<double> Doubles(string name) => MemoryMarshal.Cast<byte, double>(Bytes(name));

    public ReadOnlySpan<long> Integers(string name) => MemoryMarshal.Cast<byte, long>(Bytes(name));
}
