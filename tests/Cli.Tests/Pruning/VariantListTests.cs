using Pipeline.Cli.Pruning;

namespace Pipeline.Cli.Tests.Pruning;

public sealed class VariantListTests
{
    [Theory]
    [InlineData("none", "none")]
    [InlineData("fastv:layer=2,keep=0.5", "fastv:layer=2,keep=0.5")]
    [InlineData("fastv:layer=2,keep=0.5,none,random:keep=0.25,seed=3", "fastv:layer=2,keep=0.5|none|random:keep=0.25,seed=3")]
    [InlineData("pyramiddrop:boundaries=[1,2],ratios=[0.5,0.25],kcenter:keep=0.5", "pyramiddrop:boundaries=[1,2],ratios=[0.5,0.25]|kcenter:keep=0.5")]
    [InlineData("pyramiddrop:boundaries=1/2,ratios=0.5/0.25 , none", "pyramiddrop:boundaries=1/2,ratios=0.5/0.25|none")]
    [InlineData("fastv:keep=0.5,lvlm-csp:flops=0.35", "fastv:keep=0.5|lvlm-csp:flops=0.35")]
    [InlineData("none,none", "none|none")]
    public void A_variant_starts_at_a_word_without_a_value(string list, string variants) => VariantList.Split(list).ShouldBe(variants.Split('|'));

    [Fact]
    public void A_misspelt_method_is_a_variant_of_its_own() => VariantList.Split("none,fastV2:keep=0.5").ShouldBe(["none", "fastV2:keep=0.5"]);

    [Fact]
    public void A_list_without_brackets_stays_with_its_setting() => VariantList.Split("pyramiddrop:boundaries=1,2").ShouldBe(["pyramiddrop:boundaries=1,2"]);
}
