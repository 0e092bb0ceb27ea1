using Pipeline.Cli.Pruning;
using Pipeline.Segmentation.Superpixels;

namespace Pipeline.Cli.Tests.Pruning;

public sealed class PanelsTests
{
    [Theory]
    [InlineData(4, 6)]
    [InlineData(5, 7)]
    public void Kept_cells_are_untouched_and_dropped_ones_dark(int rows, int columns)
    {
        var view = Pictures.Gradient(84, 60);
        int[] kept = [0, columns - 1, columns + 2, (rows * columns) - 1];

        var panel = Panels.Kept(view, rows, columns, kept);

        for (var y = 0; y < view.Height; y++)
        {
            for (var x = 0; x < view.Width; x++)
            {
                var cell = (y * rows / view.Height * columns) + (x * columns / view.Width);
                if (kept.Contains(cell))
                    panel.At(x, y).ShouldBe(view.At(x, y));
                else
                    ((int)panel.At(x, y).Red).ShouldBeLessThan(view.At(x, y).Red / 4);
            }
        }
    }

    [Fact]
    public void Drawing_leaves_the_image_as_it_was()
    {
        var view = Pictures.Gradient(20, 20);
        Panels.Kept(view, 2, 2, [1]);
        Panels.Masked(view, new byte[400]);
        Panels.Borders(view, LabelMap.Of(2, 2, [0, 1, 2, 3]));
        view.Pixels.ShouldBe(Pictures.Gradient(20, 20).Pixels);
    }

    [Fact]
    public void Borders_lie_between_regions_only_whatever_the_size_of_their_map()
    {
        var view = Pictures.Gradient(40, 20);

        var panel = Panels.Borders(view, LabelMap.Of(2, 4, [7, 7, 8, 8, 7, 7, 8, 8]));

        for (var y = 0; y < view.Height; y++)
        {
            for (var x = 0; x < view.Width; x++)
                (panel.At(x, y) == view.At(x, y)).ShouldBe(x != 19, $"({x}, {y})");
        }
    }

    [Fact]
    public void A_mask_reddens_its_object_and_dims_the_rest()
    {
        var image = Pictures.Gradient(10, 10);
        var mask = new byte[100];
        mask[55] = 1;

        var panel = Panels.Masked(image, mask);

        panel.At(5, 5).Red.ShouldBeGreaterThan(image.At(5, 5).Red);
        panel.At(4, 5).Red.ShouldBeLessThan(image.At(4, 5).Red);
    }

    [Theory]
    [InlineData(640, 480, 336, 252)]
    [InlineData(100, 400, 84, 336)]
    [InlineData(10_000, 3, 336, 1)]
    public void Fitted_images_keep_their_shape(int width, int height, int fittedWidth, int fittedHeight)
    {
        var fitted = Panels.Fit(Pictures.Gradient(width, height), 336);
        (fitted.Width, fitted.Height).ShouldBe((fittedWidth, fittedHeight));
    }
}
