using Pipeline.TrainDemo.Training;

namespace Pipeline.TrainDemo.Tests.Training;

public sealed class RankTeamTests
{
    [Fact]
    public void Nobody_goes_on_before_all_have_come()
    {
        using var team = new RankTeam(3);
        var arrived = 0;

        team.Run(_ =>
        {
            Interlocked.Increment(ref arrived);
            team.Meet();
            Volatile.Read(ref arrived).ShouldBe(3);
        });
    }

    [Fact]
    public void A_rank_that_fails_does_not_leave_the_others_waiting_and_its_failure_is_the_one_that_is_told()
    {
        using var team = new RankTeam(3);

        var fault = Should.Throw<InvalidOperationException>(() => team.Run(rank =>
        {
            if (rank == 1)
                throw new InvalidOperationException("out of paint");
            team.Meet();
        }));

        fault.Message.ShouldBe("out of paint");
    }
}
