using System.Text.Json;

namespace Pipeline.Evaluation.Tests;

public sealed class RleGoldenTests
{
    [Fact]
    public void Two_hundred_masks_encode_to_pycocotools_bytes_and_back()
    {
        var tensors = Golden.Tensors("coco/io.safetensors");
        var flat = tensors.Bytes("masks.flat");
        var sizes = tensors.Integers("masks.hw");
        var offsets = tensors.Integers("masks.offset");
        var expected = Golden.Json("coco/rle.json").EnumerateArray().ToArray();
        expected.Length.ShouldBe(200);
        for (var i = 0; i < expected.Length; i++)
        {
            var mask = flat[(int)offsets[i]..(int)offsets[i + 1]];
            var rle = Rle.Encode(mask, (int)sizes[2 * i], (int)sizes[2 * i + 1]);
            rle.ShouldBe(expected[i].Deserialize<Rle>(), $"mask {i}");
            rle.ToRuns().ShouldBe(Integers(expected[i].GetProperty("uncompressed")), $"mask {i}");
            Rle.FromRuns(rle.Height, rle.Width, rle.ToRuns()).ShouldBe(rle, $"mask {i}");
            rle.Area.ShouldBe(expected[i].GetProperty("area").GetInt64(), $"mask {i}");
            var box = rle.Bounds;
            new double[] { box.X, box.Y, box.Width, box.Height }.ShouldBe(Doubles(expected[i].GetProperty("bbox")), $"mask {i}");
            rle.Decode().AsSpan().SequenceEqual(mask).ShouldBeTrue($"mask {i}");
        }
    }

    [Theory]
    [InlineData("iou", true)]
    [InlineData("iou_nocrowd", false)]
    public void The_IoU_matrix_is_pycocotools(string name, bool withCrowd)
    {
        var golden = Golden.Json("coco/iou.json");
        var crowd = Integers(golden.GetProperty("iscrowd")).Select(flag => withCrowd && flag != 0).ToArray();
        var matrix = Rle.IouMatrix(Masks(golden, "dt"), Masks(golden, "gt"), crowd);
        var expected = golden.GetProperty(name).EnumerateArray().SelectMany(Doubles).ToArray();
        matrix.Cast<double>().ShouldBe(expected);
    }

    [Fact]
    public void Merged_masks_are_pycocotools()
    {
        var golden = Golden.Json("coco/iou.json");
        var masks = Masks(golden, "dt");
        var union = golden.GetProperty("merge_union").Deserialize<Rle>()!;
        var counts = Enumerable.Range(1, masks.Length).Where(count => Rle.Union(masks[..count]) == union).ToArray();
        counts.ShouldNotBeEmpty("the golden is the union of the first few masks");
        Rle.Intersection(masks[..counts[0]]).ShouldBe(golden.GetProperty("merge_intersect").Deserialize<Rle>());
    }

    [Fact]
    public void Boxes_become_pycocotools_masks()
    {
        var golden = Golden.Json("coco/bbox_rle.json");
        var size = Integers(golden.GetProperty("size"));
        var expected = golden.GetProperty("rles").EnumerateArray().Select(text => text.GetString()).ToArray();
        var boxes = golden.GetProperty("boxes").EnumerateArray().Select(Doubles).ToArray();
        boxes.Select(box => Rle.FromBox(box[0], box[1], box[2], box[3], size[0], size[1]).Counts).ShouldBe(expected);
    }

    private static Rle[] Masks(JsonElement golden, string name) => golden.GetProperty(name).Deserialize<Rle[]>()!;

    private static int[] Integers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt32())];

    private static double[] Doubles(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetDouble())];
}
