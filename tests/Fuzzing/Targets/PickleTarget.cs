using System.Text;
using Pipeline.Contracts.Pickle;

namespace Pipeline.Fuzzing.Targets;

/// <summary>Pickles of every protocol, with one name that may be called, one that may be mentioned, and persistent ids.</summary>
internal sealed class PickleTarget : IFuzzTarget
{
    /// <summary>Python's instructions that build, call and remember, and what an attacker would have called.</summary>
    internal static readonly string[] Instructions =
    [
        "(", ")", "]", "}", "t", "l", "d", "a", "e", "s", "u", ".", "0", "1", "2", "N", "R", "b", "o", "Q", "h\0", "q\0", "j\0\0\0\0", "r\u00ff\u00ff\u00ff\u007f", "\u0085", "\u0086", "\u0087", "\u0081", "\u0092", "\u0093",
        "\u0094", "\u0080\u0002", "\u0080\u0005", "\u0095\0\0\0\0\0\0\0\0", "K\u0001", "M\u00ff\u00ff", "J\u00ff\u00ff\u00ff\u007f", "\u008a\u0001\u0001", "\u008b\u00ff\u00ff\u00ff\u00ff", "X\u0001\0\0\0a", "X\u00ff\u00ff\u00ff\u007f",
        "\u008c\u0001a", "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f", "C\u0001a", "B\u00ff\u00ff\u00ff\u00ff", "\u0096\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "I01\n", "I-9\n", "L5L\n", "F1e999\n", "S'\\xff'\n", "V\\ud800\n",
        "V\\U0010ffff\n", "p0\n", "p-1\n", "g0\n", "cos\nsystem\n", "c__builtin__\neval\n", "iposix\nsystem\n", "ccollections\nOrderedDict\n", "cplain\nname\n", "Pid\n", "((((((((", "]]]]]]]]", "2222222",
    ];

    private static readonly PickleGlobal[] Allowed = [PickleGlobal.OrderedDict, new("plain.name")];

    public string Name => "pickle";

    /// <summary>Python's own pickles of one value in protocols 0, 1, 2 and 4, and a few that no value gives.</summary>
    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Convert.FromBase64String("KGxwMAooZHAxClZyZWZfaWQKcDIKSTcKc1ZzZW50CnAzClZs5HVmdApwNApzVmJpZwpwNQpMMTA5OTUxMTYyNzc3NkwKc1ZuZWcKcDYKSS0zCnNWeApwNwpGMS41CnNWb2sKcDgKSTAxCnNWbm9uZQpwOQpOc1ZpZHMKcDEwCihJMQoobHAxMQpJMgphSTMwMAphdHAxMgpzYS4="),
        Convert.FromBase64String("XXEAfXEBKFgGAAAAcmVmX2lkcQJLB1gEAAAAc2VudHEDWAYAAABsw6R1ZnRxBFgDAAAAYmlncQVMMTA5OTUxMTYyNzc3NkwKWAMAAABuZWdxBkr9////WAEAAAB4cQdHP/gAAAAAAABYAgAAAG9rcQhJMDEKWAQAAABub25lcQlOWAMAAABpZHNxCihLAV1xCyhLAk0sAWV0cQx1YS4="),
        Convert.FromBase64String("gAJdcQB9cQEoWAYAAAByZWZfaWRxAksHWAQAAABzZW50cQNYBgAAAGzDpHVmdHEEWAMAAABiaWdxBYoGAAAAAAABWAMAAABuZWdxBkr9////WAEAAAB4cQdHP/gAAAAAAABYAgAAAG9rcQiIWAQAAABub25lcQlOWAMAAABpZHNxCksBXXELKEsCTSwBZYZxDHVhLg=="),
        Convert.FromBase64String("gASVagAAAAAAAABdlH2UKIwGcmVmX2lklEsHjARzZW50lIwGbMOkdWZ0lIwDYmlnlIoGAAAAAAABjANuZWeUSv3///+MAXiURz/4AAAAAAAAjAJva5SIjARub25llE6MA2lkc5RLAV2UKEsCTSwBZYaUdWEu"),
        .. Bytes.OfLatin1(
            "(lS'it\\'s \\xc3\\xa9'\naU\u0002\u00c3\u00a9aU\u0001\u00e9aV\\u20ac\\U0001f600\na.",
            "ccollections\nOrderedDict\n)R(X\u0001\0\0\0aPid\nX\u0001\0\0\0bcplain\nname\nu}X\u0001\0\0\0cNsb.",
            "\u0080\u0004\u008c\u0005plain\u008c\u0004name\u0093\u0094K\u0001Q\u0086]\u0094h\u0000a\u0085."),
    ];

    public IReadOnlyList<byte[]> Words { get; } = [.. Instructions.Select(Encoding.Latin1.GetBytes)];

    public Reading Read(byte[] input)
    {
        PickleReader.Read(input, Allowed, id => id);
        return Reading.Accepted;
    }

    public bool IsRefusal(Exception fault) => fault is PickleException;
}
