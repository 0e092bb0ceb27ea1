using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.LibTorch.Tests;

/// <summary>Counts are the process's, so that nothing else may make tensors meanwhile.</summary>
[Collection(nameof(LifetimeTests))]
[CollectionDefinition(nameof(LifetimeTests), DisableParallelization = true)]
public sealed class LifetimeTests
{
    private readonly long before = Settled();

    [Fact]
    public void A_scope_ends_everything_made_in_it_but_what_moved_out()
    {
        Tensor kept;
        using (var outer = NewDisposeScope())
        {
            Tensor moved;
            using (var inner = NewDisposeScope())
            {
                moved = (ones(3) + ones(3)).MoveToOuterDisposeScope();
                kept = zeros(2).DetachFromDisposeScope();
                inner.DisposablesCount.ShouldBe(2);
                CurrentDisposeScope.ShouldBeSameAs(inner);
            }

            moved.IsInvalid.ShouldBeFalse();
            outer.Contains(moved).ShouldBeTrue();
            Tensor.TotalCount.ShouldBe(before + 2);
        }

        kept.sum().item<float>().ShouldBe(0);
        CurrentDisposeScope.ShouldBeNull();
        kept.Dispose();
        kept.IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void Moving_out_of_the_outermost_scope_detaches()
    {
        Tensor moved;
        using (NewDisposeScope())
        {
            moved = ones(1).MoveToOuterDisposeScope();
        }

        moved.IsInvalid.ShouldBeFalse();
        moved.Dispose();
        Tensor.TotalCount.ShouldBe(before);
    }

    [Fact]
    public void Scopes_that_end_in_the_wrong_order_lose_nothing()
    {
        var outermost = NewDisposeScope();
        var middle = NewDisposeScope();
        var inner = NewDisposeScope();
        var x = ones(1);
        middle.Dispose();
        x.MoveToOuterDisposeScope();
        inner.Dispose();
        outermost.Contains(x).ShouldBeTrue();
        outermost.Dispose();
        x.IsInvalid.ShouldBeTrue();
        CurrentDisposeScope.ShouldBeNull();
        Tensor.TotalCount.ShouldBe(before);
    }

    [Fact]
    public void A_tensor_can_be_attached_to_another_scope_and_all_but_some_can_be_disposed_of()
    {
        using (var first = NewDisposeScope())
        {
            var x = ones(1);
            using (var second = NewDisposeScope())
            {
                second.Attach(x);
                first.Contains(x).ShouldBeFalse();
                x.MoveToOtherDisposeScope(first);
                first.Contains(x).ShouldBeTrue();
                var (y, z) = (ones(2), ones(3));
                second.DisposeEverythingBut(y).ShouldBeSameAs(y);
                z.IsInvalid.ShouldBeTrue();
                y.IsInvalid.ShouldBeFalse();
            }
        }

        Tensor.TotalCount.ShouldBe(before);
    }

    [Fact]
    public void Statistics_tell_where_tensors_were_made_and_ended()
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        var outside = ones(1);
        using (NewDisposeScope())
        {
            ones(2).Dispose();
            _ = ones(3);
            ones(4).DetachFromDisposeScope().Dispose();
        }

        statistics.TensorStatistics.CreatedOutsideScopeCount.ShouldBe(1);
        statistics.CreatedInScopeCount.ShouldBe(3);
        statistics.DisposedInScopeCount.ShouldBe(2);
        statistics.DisposedOutsideScopeCount.ShouldBe(1);
        statistics.DetachedFromScopeCount.ShouldBe(1);
        statistics.ThreadTotalLiveCount.ShouldBe(1);
        outside.Dispose();
        statistics.ThreadTotalLiveCount.ShouldBe(0);
    }

    [Fact]
    public void Operators_that_fail_leave_no_tensor_behind()
    {
        for (var i = 0; i < 10; i++)
        {
            using var scope = NewDisposeScope();
            Should.Throw<ExternalException>(() => ones(2, 3).matmul(ones(2, 3)));
            Should.Throw<ExternalException>(() => cat([ones(2), ones(2, 2)]));
            Should.Throw<ExternalException>(() => ones(4).view(3));
            Should.Throw<NotSupportedException>(() => zeros([2], names: ["rows"]));
        }

        Tensor.TotalCount.ShouldBe(before);
    }

    [Fact]
    public void Indexing_lists_and_pairs_leave_no_tensor_behind()
    {
        using (NewDisposeScope())
        {
            var x = ones(4, 4, 4);
            var count = Tensor.TotalCount;
            x[1, 2, 3].Dispose();
            x[1.., TensorIndex.None, 2].Dispose();
            x[1, 1..3, 0] = zeros(2).DetachFromDisposeScope();
            foreach (var part in x.split(1))
            {
                part.Dispose();
            }

            var (values, places) = x.topk(2);
            values.Dispose();
            places.Dispose();
            var (unique, _, _) = x.unique();
            unique.Dispose();
            (1 / x).Dispose();
            nn.functional.normalize(x).Dispose();
            nn.functional.scaled_dot_product_attention(x, x, x, is_casual: true).Dispose();
            Tensor.TotalCount.ShouldBe(count + 1);
        }
    }

    [Fact]
    public void Many_calls_leave_no_native_memory_behind()
    {
        const int Calls = 50_000;
        using var scope = NewDisposeScope();
        var x = ones(4);
        var y = ones(3);
        Repeat(Calls);
        var start = Environment.WorkingSet;
        Repeat(Calls);
        (Environment.WorkingSet - start).ShouldBeLessThan(100L * Calls, "a leaked tensor costs more than 100 bytes for its header alone");

        void Repeat(int calls)
        {
            for (var i = 0; i < calls; i++)
            {
                (x + 1).Dispose();
                x[1..].Dispose();
                Array.ForEach(x.split(2), part => part.Dispose());
                if (i % 5000 == 0)
                {
                    Should.Throw<ExternalException>(() => x + y);
                }
            }
        }
    }

    [Fact]
    public void The_finalizer_catches_what_nobody_disposed_of()
    {
        Forget();
        Settled().ShouldBe(before);
    }

    [Fact]
    public void A_disposed_tensor_is_refused_and_disposing_twice_does_nothing()
    {
        var x = ones(2);
        x.Dispose();
        x.Dispose();
        Should.Throw<InvalidOperationException>(() => x + 1).Message.ShouldContain("disposed");
        Should.Throw<InvalidOperationException>(() => x.shape);
        Tensor.TotalCount.ShouldBe(before);
    }

    [Fact]
    public void An_alias_outlives_the_tensor_it_was_made_from()
    {
        var x = ones(2);
        using var other = x.alias();
        x.Dispose();
        other.sum().item<float>().ShouldBe(2);
    }

    private static long Settled()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return Tensor.TotalCount;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget()
    {
        for (var i = 0; i < 100; i++)
        {
            _ = ones(10);
        }
    }
}
