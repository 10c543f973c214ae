namespace Keras.Data;

/// <summary>Runs work on threads ahead of the reader, through a bounded queue that is filled in source order or in order of completion.</summary>
/// <remarks>The threads hold only <see cref="State"/>, so that an abandoned reader can be collected, which ends them.</remarks>
sealed class Pump : IDisposable
{
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    readonly State _state;
    readonly CancellationToken _token;
    readonly CancellationTokenRegistration _registration;

    /// <summary>Starts the threads.</summary>
    /// <param name="source">Makes the source, on the first thread that needs it; the last thread disposes its enumerator.</param>
    /// <param name="work">Transforms an element, given its index, on any of the threads.</param>
    /// <param name="workers">The number of threads.</param>
    /// <param name="capacity">How many elements may be in progress or waiting.</param>
    /// <param name="inOrder">Whether results keep the order of the source.</param>
    /// <param name="token">Ends the threads; the reader gets an <see cref="OperationCanceledException"/>.</param>
    public Pump(IEnumerable<Element> source, Func<Element, long, Element> work, int workers, int capacity, bool inOrder, CancellationToken token)
    {
        (_state, _token) = (new(source, work, capacity, inOrder, workers), token);
        _registration = token.UnsafeRegister(static state => ((State)state!).Stop(), _state);
        for (var i = 0; i < workers; i++)
            new Thread(_state.Run) { IsBackground = true, Name = "keras.data" }.UnsafeStart(); // does not inherit the caller's tape or device
    }

    ~Pump() => _state.Stop();

    /// <summary>The next result; null at the end.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Element? Next()
    {
        var result = _state.Take();
        _token.ThrowIfCancellationRequested();
        return result;
    }

    public void Dispose()
    {
        _registration.Dispose();
        _state.Stop();
        _state.AllEnded.Wait(LongestWait); // does not wait for a source that blocks
        GC.SuppressFinalize(this);
    }

    sealed class State(IEnumerable<Element> source, Func<Element, long, Element> work, int capacity, bool inOrder, int workers)
    {
        readonly object _gate = new();
        readonly Lock _reading = new();
        readonly Dictionary<long, Outcome> _done = [];
        readonly Queue<long> _asTheyCame = [];
        IEnumerator<Element>? _input;
        long _read, _taken;
        int _running = workers;
        bool _ended, _stopped;

        readonly record struct Outcome(Element? Element, System.Runtime.ExceptionServices.ExceptionDispatchInfo? Error);

        public ManualResetEventSlim AllEnded { get; } = new();

        public void Run()
        {
            try
            {
                while (Read() is { } read) Publish(read.Index, Work(read));
            }
            finally
            {
                if (Interlocked.Decrement(ref _running) == 0) End();
            }
        }

        void End()
        {
            try
            {
                _input?.Dispose();
            }
            catch (Exception e)
            {
                Graphs.Diagnostics.Warn($"A data source failed while it was closed. {e.GetType().Name}: {e.Message}");
            }
            finally
            {
                AllEnded.Set();
            }
        }

        Outcome Work((long Index, Element Element) read)
        {
            try
            {
                return new(work(read.Element, read.Index), null);
            }
            catch (Exception e)
            {
                return new(null, System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e));
            }
        }

        (long Index, Element Element)? Read()
        {
            lock (_reading)
            {
                lock (_gate)
                {
                    while (!_stopped && !_ended && _read - _taken >= capacity) Monitor.Wait(_gate);
                    if (_stopped || _ended) return null;
                }
                try
                {
                    _input ??= source.GetEnumerator();
                    if (_input.MoveNext())
                    {
                        lock (_gate) return (_read++, _input.Current);
                    }
                    lock (_gate)
                    {
                        _ended = true;
                        Monitor.PulseAll(_gate);
                    }
                }
                catch (Exception e)
                {
                    long index;
                    lock (_gate) (index, _ended) = (_read++, true);
                    Publish(index, new(null, System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e)));
                }
                return null;
            }
        }

        void Publish(long index, Outcome outcome)
        {
            lock (_gate)
            {
                _done[index] = outcome;
                if (!inOrder) _asTheyCame.Enqueue(index);
                Monitor.PulseAll(_gate);
            }
        }

        public Element? Take()
        {
            Outcome outcome;
            lock (_gate)
            {
                long index;
                while (!TryNext(out index))
                {
                    if (_stopped || (_ended && _taken == _read)) return null;
                    Monitor.Wait(_gate);
                }
                _done.Remove(index, out outcome);
                _taken++;
                Monitor.PulseAll(_gate);
            }
            outcome.Error?.Throw();
            return outcome.Element;
        }

        bool TryNext(out long index)
        {
            index = _taken;
            return inOrder ? _done.ContainsKey(index) : _asTheyCame.TryDequeue(out index);
        }

        public void Stop()
        {
            lock (_gate)
            {
                _stopped = true;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
