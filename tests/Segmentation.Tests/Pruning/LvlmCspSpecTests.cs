using Pipeline.Contracts.Jobs;

namespace Pipeline.Segmentation.Tests.Pruning;

public sealed class LvlmCspSpecTests
{
    [Theory]
    [InlineData("lvlm-csp")]
    [InlineData("lvlm-csp:flops=0.35")]
    [InlineData("lvlm-csp:average=64,selector=superpixel,regions=32")]
    [InlineData("lvlm-csp:clusters=64,scatter_layer=14,prune_layer=20,count=16")]
    [InlineData("lvlm-csp:keep=0.1,selector=lattice,scattering=raw,nearest=cosine,query_row=last_instruction")]
    public void What_a_job_may_say(string text) => VariantSpec.Parse(text, new ModelCatalog(), AltpSpecTests.Lisa7B).Name.ShouldBe(text);

    [Theory]
    [InlineData("lvlm-csp:keep=0.1,flops=0.3", "", "takes at most one")]
    [InlineData("lvlm-csp:clusters=300", "clusters", "more than this model's 256 visual tokens")]
    [InlineData("lvlm-csp:scatter_layer=20,prune_layer=14", "prune_layer", "use 21 to 31")]
    [InlineData("lvlm-csp:scatter_layer=31", "scatter_layer", "use 1 to 30")]
    [InlineData("lvlm-csp:scatter_layer=0", "scatter_layer", "use 1 to 31")]
    [InlineData("lvlm-csp:flops=0.02", "flops", "out of reach")]
    [InlineData("lvlm-csp:average=0", "average", "above 0")]
    [InlineData("lvlm-csp:selector=instances", "selector", "is not known")]
    [InlineData("lvlm-csp:scattering=detla", "scattering", "did you mean 'delta'")]
    [InlineData("lvlm_csp:keep=0.1", "", "did you mean 'lvlm-csp'")]
    public void What_is_wrong_is_named_with_what_would_be_right(string text, string setting, string message)
    {
        var fault = Should.Throw<InvalidDataException>(() => VariantSpec.Parse(text, new ModelCatalog(), AltpSpecTests.Lisa7B)).Message;

        fault.ShouldStartWith($"{text}: {setting}");
        fault.ShouldContain(message);
    }
}
