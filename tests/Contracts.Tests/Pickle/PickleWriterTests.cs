using Pipeline.Contracts.Pickle;

namespace Pipeline.Contracts.Tests.Pickle;

public sealed class PickleWriterTests
{
    [Fact]
    public void Values_come_back_as_they_were_written()
    {
        using var stream = new MemoryStream();
        var writer = new PickleWriter(stream);
        writer.Append(new Dictionary<string, object?> { ["a"] = 7, ["b"] = -3L, ["c"] = 1L << 40, ["läuft"] = "ä", ["e"] = null, ["f"] = true, ["g"] = false, ["h"] = new object?[] { 1, "x" } });
        writer.Append(new string('y', 300));
        writer.Append(Array.Empty<object>());
        writer.End();

        var items = PickleReader.Read(stream.ToArray(), []).ShouldBeOfType<List<object?>>();

        items.Count.ShouldBe(3);
        var map = items[0].ShouldBeOfType<PickleMap>();
        map.Entries.Select(entry => entry.Key).ShouldBe(["a", "b", "c", "läuft", "e", "f", "g", "h"]);
        map.Entries.Take(7).Select(entry => entry.Value).ShouldBe([7L, -3L, 1L << 40, "ä", null, true, false]);
        map["h"].ShouldBeOfType<List<object?>>().ShouldBe([1L, "x"]);
        items[1].ShouldBe(new string('y', 300));
        items[2].ShouldBeOfType<List<object?>>().ShouldBeEmpty();
    }

    /// <summary>Python 3 reads these very bytes as [{'sent': 'red', 'ann_id': 5}, 'é'].</summary>
    [Fact]
    public void The_bytes_are_protocol_2_with_texts_as_Python_2_has_them()
    {
        using var stream = new MemoryStream();
        var writer = new PickleWriter(stream);
        writer.Append(new Dictionary<string, object?> { ["sent"] = "red", ["ann_id"] = 5 });
        writer.Append("é");
        writer.End();

        Convert.ToBase64String(stream.ToArray()).ShouldBe("gAJdfShVBHNlbnRVA3JlZFUGYW5uX2lkSgUAAAB1YVgCAAAAw6lhLg==");
    }

    [Fact]
    public void What_is_no_plain_value_is_refused() =>
        Should.Throw<ArgumentException>(() => new PickleWriter(Stream.Null).Append(1.5)).Message.ShouldContain("A Double is no plain value");
}
