namespace Pipeline.Evaluation.Tests;

/// <summary>Seeded masks of several textures.</summary>
internal static class RandomMasks
{
    /// <summary>Discs, some overlapping.</summary>
    public static byte[] Blobs(Random random, int height, int width, int count)
    {
        var mask = new byte[height * width];
        for (var i = 0; i < count; i++)
        {
            int centreY = random.Next(height), centreX = random.Next(width), radius = 1 + random.Next(Math.Max(1, Math.Min(height, width) / 3));
            for (var y = Math.Max(0, centreY - radius); y < Math.Min(height, centreY + radius + 1); y++)
                for (var x = Math.Max(0, centreX - radius); x < Math.Min(width, centreX + radius + 1); x++)
                    if ((y - centreY) * (y - centreY) + (x - centreX) * (x - centreX) <= radius * radius)
                        mask[y * width + x] = 1;
        }

        return mask;
    }

    public static byte[] Noise(Random random, int height, int width, double share)
    {
        var mask = new byte[height * width];
        for (var i = 0; i < mask.Length; i++)
            mask[i] = random.NextDouble() < share ? (byte)1 : (byte)0;
        return mask;
    }

    /// <summary>One of many sizes, also a single row or column and sides about the width of a vector.</summary>
    public static (byte[] Mask, int Height, int Width) Any(Random random)
    {
        int height = Side(random), width = Side(random);
        return (random.Next(4) switch
        {
            0 => Noise(random, height, width, 0.5),
            1 => Noise(random, height, width, random.Next(2)),
            2 => Noise(random, height, width, 0.02),
            _ => Blobs(random, height, width, 4),
        }, height, width);
    }

    private static int Side(Random random) => random.Next(3) switch { 0 => 1 + random.Next(3), 1 => 30 + random.Next(5), _ => 1 + random.Next(140) };
}
