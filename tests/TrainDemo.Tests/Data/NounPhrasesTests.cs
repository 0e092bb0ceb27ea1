using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.TrainDemo.Data;

namespace Pipeline.TrainDemo.Tests.Data;

public sealed class NounPhrasesTests
{
    [Fact]
    public void An_attribute_fits_its_target_alone_and_the_nouns_of_other_kinds_fit_theirs_too()
    {
        var relations = 0;
        for (var index = 0; index < 40; index++)
        {
            var scene = SyntheticScenes.Describe(new SyntheticScene(1, index, 256, 256), SyntheticScenes.MostExpressions);
            foreach (var expression in scene.Expressions)
            {
                var matches = NounPhrases.Matches(expression.Text, scene.Objects);

                matches[0].ShouldContain(expression.Target, expression.Text);
                if (expression.Kind == SceneExpressionKind.Attribute)
                    matches.Single().ShouldBe([expression.Target], expression.Text);
                if (expression.Kind == SceneExpressionKind.Relation)
                {
                    relations++;
                    matches.Count.ShouldBe(2, expression.Text);
                    matches[1].Count.ShouldBe(1, expression.Text);
                }
            }
        }

        relations.ShouldBeGreaterThan(40);
    }
}
