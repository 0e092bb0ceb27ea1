using System.Text;
using Pipeline.Contracts.Pickle;

namespace Pipeline.Contracts.Tests.Pickle;

public sealed class PickleReaderTests
{
    /// <summary>pickle.dumps([{'ref_id': 7, 'sent': 'läuft', 'big': 2**40, 'neg': -3, 'x': 1.5, 'ok': True, 'none': None, 'ids': (1, [2, 300])}], protocol)</summary>
    [Theory]
    [InlineData(0, "KGxwMAooZHAxClZyZWZfaWQKcDIKSTcKc1ZzZW50CnAzClZs5HVmdApwNApzVmJpZwpwNQpMMTA5OTUxMTYyNzc3NkwKc1ZuZWcKcDYKSS0zCnNWeApwNwpGMS41CnNWb2sKcDgKSTAxCnNWbm9uZQpwOQpOc1ZpZHMKcDEwCihJMQoobHAxMQpJMgphSTMwMAphdHAxMgpzYS4=")]
    [InlineData(1, "XXEAfXEBKFgGAAAAcmVmX2lkcQJLB1gEAAAAc2VudHEDWAYAAABsw6R1ZnRxBFgDAAAAYmlncQVMMTA5OTUxMTYyNzc3NkwKWAMAAABuZWdxBkr9////WAEAAAB4cQdHP/gAAAAAAABYAgAAAG9rcQhJMDEKWAQAAABub25lcQlOWAMAAABpZHNxCihLAV1xCyhLAk0sAWV0cQx1YS4=")]
    [InlineData(2, "gAJdcQB9cQEoWAYAAAByZWZfaWRxAksHWAQAAABzZW50cQNYBgAAAGzDpHVmdHEEWAMAAABiaWdxBYoGAAAAAAABWAMAAABuZWdxBkr9////WAEAAAB4cQdHP/gAAAAAAABYAgAAAG9rcQiIWAQAAABub25lcQlOWAMAAABpZHNxCksBXXELKEsCTSwBZYZxDHVhLg==")]
    [InlineData(4, "gASVagAAAAAAAABdlH2UKIwGcmVmX2lklEsHjARzZW50lIwGbMOkdWZ0lIwDYmlnlIoGAAAAAAABjANuZWeUSv3///+MAXiURz/4AAAAAAAAjAJva5SIjARub25llE6MA2lkc5RLAV2UKEsCTSwBZYaUdWEu")]
    [InlineData(5, "gAWVagAAAAAAAABdlH2UKIwGcmVmX2lklEsHjARzZW50lIwGbMOkdWZ0lIwDYmlnlIoGAAAAAAABjANuZWeUSv3///+MAXiURz/4AAAAAAAAjAJva5SIjARub25llE6MA2lkc5RLAV2UKEsCTSwBZYaUdWEu")]
    public void What_Python_wrote_is_read_in_every_protocol(int protocol, string base64)
    {
        var entry = PickleReader.Read(Convert.FromBase64String(base64), []).ShouldBeOfType<List<object?>>().ShouldHaveSingleItem().ShouldBeOfType<PickleMap>($"protocol {protocol}");

        entry.Entries.Select(pair => pair.Key).ShouldBe(["ref_id", "sent", "big", "neg", "x", "ok", "none", "ids"]);
        entry["ref_id"].ShouldBe(7L);
        entry["sent"].ShouldBe("läuft");
        entry["big"].ShouldBe(1L << 40);
        entry["neg"].ShouldBe(-3L);
        entry["x"].ShouldBe(1.5);
        entry["ok"].ShouldBe(true);
        entry["none"].ShouldBeNull();
        var ids = entry["ids"].ShouldBeOfType<PickleTuple>().Items;
        ids[0].ShouldBe(1L);
        ids[1].ShouldBeOfType<List<object?>>().ShouldBe([2L, 300L]);
    }

    [Fact]
    public void Texts_of_Python_2_are_read_with_their_escapes_and_whatever_their_encoding() =>
        Read("(lS'it\\'s \\xc3\\xa9'\naU\u0002\u00c3\u00a9aU\u0001\u00e9aV\\u20ac\\U0001f600\na.").ShouldBeOfType<List<object?>>().ShouldBe(["it's é", "é", "é", "€😀"]);

    [Theory]
    [InlineData("cos\nsystem\n(S'true'\ntR.", "os.system is not allowed")]
    [InlineData("cposix\nsystem\n.", "posix.system is not allowed")]
    [InlineData("c__builtin__\neval\n(S'1'\ntR.", "__builtin__.eval is not allowed")]
    [InlineData("\u0080\u0004\u008c\u0008builtins\u008c\u0004eval\u0093.", "builtins.eval is not allowed")]
    [InlineData("(S'true'\nios\nsystem\n.", "os.system is not allowed")]
    [InlineData("ccollections\nOrderedDict\n)\u0081.", "collections.OrderedDict is not allowed")]
    [InlineData("(ccollections\nOrderedDict\no.", "collections.OrderedDict is not allowed")]
    [InlineData("cplain\nname\n)R.", "a call of plain.name is not allowed")]
    [InlineData("ccollections\nOrderedDict\n(K\u0001tR.", "called with arguments")]
    [InlineData("Pmodule:1\n.", "persistent id")]
    [InlineData("c\u001b[2J\nx\n.", "is not allowed")]
    public void Whatever_is_not_allowed_is_refused_by_its_name(string pickle, string reason)
    {
        var message = Should.Throw<PickleException>(() => Read(pickle)).Message;

        message.ShouldContain(reason);
        message.ShouldNotContain("\u001b");
    }

    [Theory]
    [InlineData("", "1 bytes are claimed, and 0 are left")]
    [InlineData("N", "1 bytes are claimed, and 0 are left")]
    [InlineData(".", "a value is used that is not there")]
    [InlineData("(.", "a value is used that is not there")]
    [InlineData("Na.", "a value is used that is not there")]
    [InlineData("NNa.", "what is no list")]
    [InlineData("NNNs.", "what is no dictionary")]
    [InlineData("}(Nu.", "a key without a value")]
    [InlineData("t.", "a mark is used that is not there")]
    [InlineData("}]Ns.", "a key that is no text")]
    [InlineData("NNR.", "something is called")]
    [InlineData("N}b.", "attributes are set on something")]
    [InlineData("h\u0000.", "never filled")]
    [InlineData("Nr\u00ff\u00ff\u00ff\u00ff.", "memo entry 4294967295")]
    [InlineData("Np-1\n.", "memo entry -1")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ffab", "4294967295 bytes are claimed")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffab", "18446744073709551615 bytes are claimed")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u007f1", "2147483647 bytes are claimed")]
    [InlineData("\u008a\u0009123456789.", "more than 64 bits")]
    [InlineData("L99999999999999999999L\n.", "more than 64 bits")]
    [InlineData("Fnumber\n.", "a float is none")]
    [InlineData("S'open\n.", "not quoted")]
    [InlineData("V\\uzzzz\n.", "escape")]
    [InlineData("X\u0001\u0000\u0000\u0000\u00ff.", "not valid UTF-8")]
    [InlineData("I1", "a line does not end")]
    [InlineData("\u0080\u0009N.", "protocol 9 is not known")]
    [InlineData("\u0097.", "instruction 0x97")]
    public void A_damaged_pickle_is_refused_with_its_reason(string pickle, string reason) =>
        Should.Throw<PickleException>(() => Read(pickle)).Message.ShouldContain(reason);

    [Theory]
    [InlineData("(", 1001)]
    [InlineData("]", (1 << 20) + 1)]
    public void Nesting_deeper_than_Python_writes_is_refused(string instruction, int depth) =>
        Should.Throw<PickleException>(() => Read(string.Concat(Enumerable.Repeat(instruction, depth)))).Message.ShouldContain("nested deeper");

    [Fact]
    public void Lists_that_hold_one_list_many_times_take_no_more_room_than_their_pickle()
    {
        var doubling = string.Concat(Enumerable.Range(0, 200).Select(level => $"(h{(char)level}h{(char)level}lq{(char)(level + 1)}"));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Read($"]q\0{doubling}.").ShouldBeOfType<List<object?>>().Count.ShouldBe(2);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void Attributes_of_a_dictionary_are_left_out() =>
        Read("ccollections\nOrderedDict\n)RS'a'\nK\u0001s}S'_metadata'\nNsb.").ShouldBeOfType<PickleMap>().Entries.ShouldHaveSingleItem().Value.ShouldBe(1L);

    [Fact]
    public void Damaged_pickles_never_end_in_anything_but_a_pickle_fault()
    {
        const int Seed = 6107;
        var random = new Random(Seed);
        var good = Bytes("\u0080\u0002]q\0}q\u0001(X\u0006\0\0\0ref_idq\u0002K\u0007X\u0004\0\0\0sentq\u0003(K\u0001F1.5\nI01\nL7L\nS'a\\x41'\ntq\u0004ccollections\nOrderedDict\nq\u0005)RG?\u00f8\0\0\0\0\0\0uah\u0002a.");
        for (var round = 0; round < 10_000; round++)
        {
            var damaged = good.ToArray();
            for (var hits = random.Next(1, 5); hits > 0; hits--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                PickleReader.Read(damaged.AsMemory(0, random.Next(damaged.Length + 1)), [PickleGlobal.OrderedDict]);
            }
            catch (PickleException)
            {
            }
            catch (Exception fault)
            {
                throw new Xunit.Sdk.XunitException($"seed {Seed}, round {round}: {fault}");
            }
        }
    }

    private static object? Read(string latin1) => PickleReader.Read(Bytes(latin1), [PickleGlobal.OrderedDict, new PickleGlobal("plain.name")]);

    private static byte[] Bytes(string latin1) => Encoding.Latin1.GetBytes(latin1);
}
