namespace Pipeline.GpuWorker.Fetch;

/// <summary>So many at once in all, and so many at one host. What is known of a host goes when nobody is there.</summary>
internal sealed class Places(int atOnce, int perHost) : IDisposable
{
    private readonly SemaphoreSlim all = new(atOnce);
    private readonly Dictionary<string, Host> hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Waits for a place, at the host first, so that a slow host keeps nobody else waiting.</summary>
    /// <returns>The caller's until it is disposed of.</returns>
    public async Task<IDisposable> TakeAsync(string name, CancellationToken token)
    {
        var host = Enter(name);
        try
        {
            await host.Room.WaitAsync(token);
        }
        catch
        {
            Leave(name, host);
            throw;
        }

        try
        {
            await all.WaitAsync(token);
        }
        catch
        {
            host.Room.Release();
            Leave(name, host);
            throw;
        }

        return new Place(this, name, host);
    }

    public void Dispose() => all.Dispose();

    private Host Enter(string name)
    {
        lock (hosts)
        {
            if (!hosts.TryGetValue(name, out var host))
            {
                hosts[name] = host = new Host(perHost);
            }

            host.Visitors++;
            return host;
        }
    }

    private void Leave(string name, Host host)
    {
        lock (hosts)
        {
            if (--host.Visitors == 0)
            {
                hosts.Remove(name);
                host.Room.Dispose();
            }
        }
    }

    private sealed class Host(int room)
    {
        public SemaphoreSlim Room { get; } = new(room);

        public int Visitors { get; set; }
    }

    private sealed class Place(Places places, string name, Host host) : IDisposable
    {
        public void Dispose()
        {
            places.all.Release();
            host.Room.Release();
            places.Leave(name, host);
        }
    }
}
