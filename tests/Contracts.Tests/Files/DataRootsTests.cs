using Pipeline.Contracts.Files;

namespace Pipeline.Contracts.Tests.Files;

public sealed class DataRootsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_path_is_judged_by_where_it_leads()
    {
        folder.Write("data/inside.txt", "");
        folder.Write("data-of-others/outside.txt", "");
        var roots = new DataRoots([folder["data"]]);

        foreach (var right in (string[])["inside.txt", "gone.txt", "a/../inside.txt", ".", folder["data"], folder["data/inside.txt"], folder["data-of-others/../data/inside.txt"]])
            roots.Refuse(right).ShouldBeNull(right);
        foreach (var wrong in (string[])["..", "../data-of-others/outside.txt", folder["data-of-others/outside.txt"], "/", "/etc/passwd", "a\0b", "http://x/y", "//x/y"])
            roots.Refuse(wrong).ShouldNotBeNull(wrong);
    }

    [Fact]
    public void A_root_that_is_a_link_stands_for_where_it_leads()
    {
        folder.Write("real/inside.txt", "");
        Directory.CreateSymbolicLink(folder["link"], folder["real"]);

        new DataRoots([folder["link"]]).Refuse(folder["real/inside.txt"]).ShouldBeNull();
        new DataRoots([folder["real"]]).Refuse(folder["link/inside.txt"]).ShouldBeNull();
    }

    [Fact]
    public void Links_are_followed_in_the_middle_of_a_path_relative_and_over_several_steps()
    {
        folder.Write("outside/secret.txt", "");
        folder.Write("data/inner/inside.txt", "");
        Directory.CreateSymbolicLink(folder["data/out"], "../outside");
        Directory.CreateSymbolicLink(folder["data/again"], "out");
        Directory.CreateSymbolicLink(folder["data/inner/up"], "../inner");
        var roots = new DataRoots([folder["data"]]);

        roots.Refuse("out/secret.txt").ShouldNotBeNull();
        roots.Refuse("again/secret.txt").ShouldNotBeNull();
        roots.Refuse("again/there-is-no-such-file").ShouldNotBeNull();
        roots.Refuse("inner/up/inside.txt").ShouldBeNull();
    }

    [Fact]
    public void Without_folders_nothing_may_be_named_and_the_message_says_who_gives_them() =>
        new DataRoots([]).Refuse("/data/set.jsonl").ShouldNotBeNull().ShouldContain("Data:Roots");
}
