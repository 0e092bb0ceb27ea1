// Each test has a whole cluster of its own and is about what happens in time: one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
