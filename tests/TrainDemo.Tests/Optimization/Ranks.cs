using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Tests.Optimization;

/// <summary>Threads that do a part each and wait for each other.</summary>
internal static class Ranks
{
    /// <param name="count">Threads.</param>
    /// <param name="work">Given the rank.</param>
    public static void Run(int count, Action<int> work)
    {
        Exception? fault = null;
        var threads = Enumerable.Range(0, count).Select(rank => new Thread(() => Guarded(rank))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        fault.ShouldBeNull();

        void Guarded(int rank)
        {
            try
            {
                using var scope = NewDisposeScope();
                work(rank);
            }
            catch (Exception raised)
            {
                fault = raised;
            }
        }
    }
}
