using System.Text;

namespace Pipeline.TrainDemo.Tests.Training;

/// <summary>Does something when the trainer reports steps of a stage.</summary>
/// <param name="stage">The stage.</param>
/// <param name="every">Steps: at this one and each of its multiples.</param>
/// <param name="act">On the trainer's thread.</param>
internal sealed class InterruptingWriter(string stage, int every, Action act) : StringWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        var words = value!.Split(' ');
        if (words[1] == stage && int.Parse(words[2].Split('/')[0]) % every == 0)
            act();
    }
}
