using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Tests.Pruning;

public sealed class AltpSpecTests
{
    [Theory]
    [InlineData("altp:keep=0.1")]
    [InlineData("altp:count=26,regions=13,compactness=20,slic=exact")]
    [InlineData("altp:average=90,density=variance,choice=uniform,positions=dense")]
    [InlineData("altp:flops=0.3,mode=ddc,layer=0,floor=2")]
    [InlineData("altp:keep=0.1,mode=ddf,layer=0,density=cls")]
    public void What_a_job_may_say(string text) => VariantSpec.Parse(text, new ModelCatalog(), Lisa7B).Name.ShouldBe(text);

    [Theory]
    [InlineData("altp", "", "needs exactly one")]
    [InlineData("altp:keep=0", "keep", "use a share above 0 and at most 1")]
    [InlineData("altp:keep=0.1,regions=257", "regions", "more than this model's 256 visual tokens; use 1 to 256")]
    [InlineData("altp:keep=0.1,regions=0", "regions", "use 1 to 256")]
    [InlineData("altp:keep=0.1,layer=0", "density", "use layer 1 or more, or density cls or variance")]
    [InlineData("altp:keep=0.1,layer=32", "layer", "this model's 32 layers")]
    [InlineData("altp:average=10,layer=2", "average", "out of reach")]
    [InlineData("altp:keep=0.1,compactness=0", "compactness", "0.001")]
    [InlineData("altp:keep=0.1,mode=dcc", "mode", "ddc")]
    [InlineData("altp:keep=0.1,densty=cls", "densty", "density")]
    [InlineData("alpt:keep=0.1", "", "did you mean 'altp'")]
    public void What_is_wrong_is_named_with_what_would_be_right(string text, string setting, string message)
    {
        var fault = Should.Throw<InvalidDataException>(() => VariantSpec.Parse(text, new ModelCatalog(), Lisa7B)).Message;

        fault.ShouldStartWith($"{text}: {setting}");
        fault.ShouldContain(message);
    }

    internal static ModelShape Lisa7B => new()
    {
        Architecture = "lisa",
        Layers = 32,
        HiddenSize = 4096,
        IntermediateSize = 11008,
        Heads = 32,
        KeyValueHeads = 32,
        VocabularySize = 32003,
        GridHeight = 16,
        GridWidth = 16,
    };
}
