namespace Pipeline.Evaluation.Tests;

public sealed class MaskOverlapTests
{
    private const double Tolerance = 1e-6;

    [Fact]
    public void gIoU_and_cIoU_are_LISAs()
    {
        var tensors = Golden.Tensors("preprocess/io.safetensors");
        var expected = Golden.Json("preprocess/metric_expected.json");
        var perSample = expected.GetProperty("per_sample").EnumerateArray().ToArray();
        perSample.Length.ShouldBe(24);
        var all = new List<ClassOverlap>();
        var noObject = new List<ClassOverlap>();
        for (var i = 0; i < perSample.Length; i++)
        {
            var prediction = tensors.Bytes($"metric.pred.{i}");
            var truth = tensors.Bytes($"metric.gt.{i}");
            var pixels = truth.Length / tensors.Shape($"metric.gt.{i}")[0];
            var sample = new List<ClassOverlap>();
            for (var at = 0; at < truth.Length; at += pixels)
                sample.Add(ClassOverlap.Measure(prediction.Slice(at, pixels), truth.Slice(at, pixels)));
            Compare(sample, perSample[i], $"sample {i}");
            all.AddRange(sample);
            if (i is 5 or 6)
                noObject.AddRange(sample);
        }

        Compare(all, expected.GetProperty("all"), "all");
        Compare(noObject, expected.GetProperty("no_object"), "samples 5 and 6");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(1000)]
    public void Wide_and_single_steps_count_the_same_for_every_pair_of_values(int pixels)
    {
        var random = new Random(pixels);
        byte[] predicted = new byte[pixels], truth = new byte[pixels];
        for (var i = 0; i < pixels; i++)
        {
            predicted[i] = (byte)random.Next(2);
            truth[i] = (byte)(random.Next(4) switch { 0 => 0, 1 => 1, 2 => 2, _ => 255 });
        }

        var counted = Enumerable.Range(0, pixels).Where(i => truth[i] != 255).ToArray();
        MaskOverlap Expected(int label)
        {
            var shared = counted.Count(i => predicted[i] == label && truth[i] == label);
            return new MaskOverlap(shared, counted.Count(i => predicted[i] == label) + counted.Count(i => truth[i] == label) - shared);
        }

        ClassOverlap.Measure(predicted, truth).ShouldBe(new ClassOverlap(Expected(0), Expected(1)));
        MaskOverlap.Measure(predicted, truth).ShouldBe(Expected(1));
    }

    [Fact]
    public void A_doubly_covered_pixel_is_of_no_class_but_its_prediction_counts()
    {
        ClassOverlap.Measure([1, 1, 0], [2, 1, 2]).ShouldBe(new ClassOverlap(new MaskOverlap(0, 1), new MaskOverlap(1, 2)));
    }

    [Fact]
    public void Nothing_predicted_where_nothing_is_counts_as_right()
    {
        new MaskOverlap(0, 0).GiouTerm.ShouldBe(1);
        new MaskOverlap(0, 3).GiouTerm.ShouldBe(0);
        MaskOverlap.Ciou(0, 0).ShouldBe(0);
    }

    [Fact]
    public void Masks_of_two_lengths_are_refused() =>
        Should.Throw<ArgumentException>(() => MaskOverlap.Measure([1], [1, 0])).Message.ShouldContain("truth of 2");

    private static void Compare(IReadOnlyList<ClassOverlap> overlaps, System.Text.Json.JsonElement expected, string what)
    {
        double Giou(Func<ClassOverlap, MaskOverlap> of) => overlaps.Average(overlap => of(overlap).GiouTerm);
        double Ciou(Func<ClassOverlap, MaskOverlap> of) => MaskOverlap.Ciou(overlaps.Sum(overlap => of(overlap).Intersection), overlaps.Sum(overlap => of(overlap).Union));
        Giou(overlap => overlap.Target).ShouldBe(expected.GetProperty("giou").GetDouble(), Tolerance, what);
        Ciou(overlap => overlap.Target).ShouldBe(expected.GetProperty("ciou").GetDouble(), Tolerance, what);
        Giou(overlap => overlap.Background).ShouldBe(expected.GetProperty("giou_bg").GetDouble(), Tolerance, what);
        Ciou(overlap => overlap.Background).ShouldBe(expected.GetProperty("ciou_bg").GetDouble(), Tolerance, what);
    }
}
