using System.Diagnostics;
using Pipeline.Segmentation.Images;

namespace Pipeline.Segmentation.Tests.Images;

/// <summary>Alone in the process, since it watches the process's memory.</summary>
[CollectionDefinition(nameof(DamagedImageTests), DisableParallelization = true)]
[Collection(nameof(DamagedImageTests))]
public sealed class DamagedImageTests
{
    private const int Seed = 20;
    private readonly Random random = new(Seed);

    [Fact]
    public void No_damage_brings_the_process_down_or_leaks()
    {
        byte[][] files =
        [
            ImageCodec.EncodeJpeg(TestImages.Noise(200, 200, Seed), 90),
            ImageCodec.EncodePng(TestImages.Noise(200, 200, Seed)),
            Convert.FromBase64String(JpegFiles.Progressive),
        ];
        var faults = DecodeDamaged(files, 1000);
        var warm = ResidentBytes();
        faults += DecodeDamaged(files, 5000);

        faults.ShouldBeGreaterThan(2000, $"seed {Seed}");
        // 5000 images of 120 kB that stayed would be 600 MB.
        (ResidentBytes() - warm).ShouldBeLessThan(100_000_000, $"seed {Seed}");
    }

    private int DecodeDamaged(byte[][] files, int count)
    {
        var faults = 0;
        for (var i = 0; i < count; i++)
        {
            var file = (byte[])files[i % files.Length].Clone();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                file[random.Next(file.Length)] = (byte)random.Next(256);
            try
            {
                ImageCodec.Decode(file, "x").Pixels.Length.ShouldBeGreaterThan(0);
            }
            catch (InvalidDataException)
            {
                faults++;
            }
        }
        return faults;
    }

    private static long ResidentBytes()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
