using System.Collections.Concurrent;
using System.Collections.Immutable;
using Keras.Engines;

namespace Keras.Graphs;

/// <summary>A C# function over tensors that is traced once per kind of input and compiled (tf.function).</summary>
/// <remarks>The first call is traced with its exact shapes. If a later one differs only in dimensions, it is traced once more with those
/// dimensions unknown, which serves all further calls; dimensions that were equal in both share one symbol and must be equal in every call.
/// Where the body needs a known dimension (<see cref="UnknownDimension"/>), each set of shapes is traced exactly.
/// Called while tracing, or under a tape, the function runs inline.</remarks>
sealed class TracedFunction(string name, Func<Tensors, Tensors> body, CompileOptions options) : IDisposable
{
    const int ManyTraces = 8;
    const int SymbolsOnStack = 64;

    readonly Lock _tracing = new();
    readonly ConcurrentDictionary<string, ImmutableArray<Concrete>> _byKind = new();

    /// <summary>The kinds of inputs for which the body needs known dimensions.</summary>
    readonly ConcurrentDictionary<string, bool> _exact = new();
    int _warned;

    /// <summary>How often the body was traced.</summary>
    public int TraceCount { get; private set; }

    /// <summary>How often XLA has compiled: once for each trace, and for each new value of sizes that are known only at a call.</summary>
    public int CompileCount => _byKind.Values.Sum(concretes => concretes.Sum(c => c.CompileCount));

    /// <summary>The first trace; null before it.</summary>
    public FunctionGraph? FirstTrace { get; private set; }

    public Tensors Call(Tensors inputs, string staticKey = "")
    {
        if (Graph.Current is not null || GradientTape.IsActive) return body(inputs);
        var flat = inputs.Flatten();
        var engine = Engine.Current;
        var kind = Kind(inputs, flat, engine, staticKey);
        var concrete = Find(kind, flat) ?? Trace(kind, inputs, flat, engine);
        if (concrete.IsNewToXla(flat)) WarnOfManyCompiles(concrete);
        return concrete.Run(flat);
    }

    /// <summary>Traces and compiles for these inputs without running.</summary>
    public FunctionGraph Prepare(Tensors inputs, string staticKey = "")
    {
        var flat = inputs.Flatten();
        var engine = Engine.Current;
        var kind = Kind(inputs, flat, engine, staticKey);
        return (Find(kind, flat) ?? Trace(kind, inputs, flat, engine)).Function;
    }

    static string Kind(Tensors inputs, IReadOnlyList<Tensor> flat, IEngine engine, string staticKey)
    {
        var text = new System.Text.StringBuilder(64).Append(engine.Name).Append(Engine.Device).Append('|').Append(staticKey).Append('|').Append(inputs.Structure);
        foreach (var tensor in flat) text.Append('|').Append(tensor.dtype.Name).Append(tensor.ndim);
        return text.ToString();
    }

    Concrete? Find(string kind, IReadOnlyList<Tensor> flat)
    {
        if (!_byKind.TryGetValue(kind, out var concretes)) return null;
        foreach (var concrete in concretes)
            if (concrete.Accepts(flat)) return concrete;
        return null;
    }

    Concrete Trace(string kind, Tensors inputs, IReadOnlyList<Tensor> flat, IEngine engine)
    {
        lock (_tracing)
        {
            if (Find(kind, flat) is { } made) return made;
            var before = _byKind.GetValueOrDefault(kind, []);
            Shape[] exact = [.. flat.Select(t => t.shape)];
            var relaxed = before.IsEmpty || _exact.ContainsKey(kind) ? null : Relax(before[^1].Shapes, exact);
            using var preparation = engine.PrepareToCompile(options);
            Tensors? outputs = null;
            FunctionGraph TraceBody(Shape[] shapes) => FunctionGraph.Trace(name, flat.Select((t, i) => (t.dtype, shapes[i], $"input_{i}")), parameters =>
            {
                outputs = body(inputs.Pack(parameters));
                return outputs.Flatten();
            });
            FunctionGraph? function = null;
            if (relaxed is not null && !UnknownDimension.TryTrace(() => TraceBody(relaxed), options.Jit, out function)) _exact[kind] = true;
            var shapes = function is null ? exact : relaxed!;
            function ??= TraceBody(exact);
            TraceCount++;
            FirstTrace ??= function;
            WarnOfMany(before.IsEmpty ? null : before[^1].Shapes, exact);
            var lowered = Lowering.Lower(function, engine.RunsNatively);
            var concrete = new Concrete(shapes, function, engine.Compile(lowered, Engine.Device is { } device ? options with { Device = device } : options), engine, outputs!, options.Jit ? CompileTimeValues.Of(lowered) : null);
            _byKind[kind] = before.Add(concrete);
            return concrete;
        }
    }

    /// <summary>Replaces dimensions in which two signatures differ with symbols; those that differ in the same way share one.</summary>
    static Shape[] Relax(Shape[] before, Shape[] now)
    {
        var symbols = new Dictionary<(long, long), long>();
        long Relaxed(long a, long b)
        {
            if (a == b) return a;
            if (!symbols.TryGetValue((a, b), out var symbol)) symbols[(a, b)] = symbol = Symbol.New();
            return symbol;
        }
        return [.. before.Select((s, i) =>
        {
            var dims = new long[s.Rank];
            for (var k = 0; k < dims.Length; k++) dims[k] = Relaxed(s.Symbolic[k], now[i].Symbolic[k]);
            return Shape.OfSymbolic(dims);
        })];
    }

    void WarnOfMany(Shape[]? before, Shape[] now)
    {
        if (TraceCount < ManyTraces || before is null || Interlocked.Exchange(ref _warned, 1) != 0) return;
        Diagnostics.Warn($"{name} was traced {TraceCount} times. Each trace costs time; the last two differ: ({string.Join(", ", before.AsEnumerable())}) and ({string.Join(", ", now.AsEnumerable())}).");
    }

    void WarnOfManyCompiles(Concrete concrete)
    {
        if (concrete.CompileCount < ManyTraces || Interlocked.Exchange(ref _warned, 1) != 0) return;
        var reason = concrete.SizesGiven is [var (input, node), ..] ? $"input {input} is a size to {node}: a new value is compiled anew" : "each new shape is compiled anew";
        Diagnostics.Warn($"{name} was compiled {concrete.CompileCount} times by XLA, which costs time: {reason}.");
    }

    public void Dispose()
    {
        foreach (var concretes in _byKind.Values)
            foreach (var concrete in concretes) concrete.Compiled.Dispose();
        _byKind.Clear();
    }

    /// <summary>One compiled trace. Its sizes are the inputs whose values XLA uses as sizes; null where XLA does not compile.</summary>
    sealed class Concrete(Shape[] shapes, FunctionGraph function, ICompiledFunction compiled, IEngine engine, Tensors outputs, IReadOnlyList<(int Input, Node Node)>? sizes)
    {
        readonly ConcurrentDictionary<string, bool> _compiled = new();
        readonly ITensorHandle[] _captured = [.. function.CapturedSources.Select(s => s.RequireEager().Handle)];
        readonly Tensor[] _keepAlive = [.. function.CapturedSources];
        readonly int _symbolCount = shapes.SelectMany(s => s.Symbolic.ToArray()).Where(d => d < 0).Distinct().Count();

        public Shape[] Shapes => shapes;

        public FunctionGraph Function => function;

        public ICompiledFunction Compiled => compiled;

        public IReadOnlyList<(int Input, Node Node)> SizesGiven => sizes ?? [];

        public int CompileCount => _compiled.Count;

        /// <summary>Whether XLA would compile for a call: the first one, and each new size where the trace leaves sizes open.</summary>
        public bool IsNewToXla(IReadOnlyList<Tensor> inputs)
        {
            if (sizes is null || (_symbolCount == 0 && sizes.Count == 0 && !_compiled.IsEmpty)) return false;
            var key = new System.Text.StringBuilder();
            for (var i = 0; i < shapes.Length; i++)
                if (!shapes[i].IsFullyKnown) key.Append(inputs[i].shape);
            foreach (var (input, _) in sizes)
                if (input < inputs.Count) key.Append(string.Join(' ', inputs[input].RequireEager().ToHost().ToInt64())).Append(';');
            return _compiled.TryAdd(key.ToString(), true);
        }

        public bool Accepts(IReadOnlyList<Tensor> inputs)
        {
            Span<(long Symbol, long Value)> bound = _symbolCount <= SymbolsOnStack ? stackalloc (long, long)[_symbolCount] : new (long, long)[_symbolCount];
            var count = 0;
            for (var i = 0; i < shapes.Length; i++)
            {
                var own = shapes[i].Symbolic;
                var given = inputs[i].shape.Symbolic;
                for (var k = 0; k < own.Length; k++)
                {
                    if (own[k] >= 0)
                    {
                        if (own[k] != given[k]) return false;
                    }
                    else if (!Bind(bound, ref count, own[k], given[k]))
                    {
                        return false;
                    }
                }
            }
            return true;
        }

        static bool Bind(Span<(long Symbol, long Value)> bound, ref int count, long symbol, long value)
        {
            for (var i = 0; i < count; i++)
                if (bound[i].Symbol == symbol) return bound[i].Value == value;
            bound[count++] = (symbol, value);
            return true;
        }

        public Tensors Run(IReadOnlyList<Tensor> inputs)
        {
            var handles = new ITensorHandle[inputs.Count + _captured.Length];
            for (var i = 0; i < inputs.Count; i++) handles[i] = inputs[i].RequireEager().Handle;
            _captured.CopyTo(handles, inputs.Count);
            var results = new ITensorHandle[function.Outputs.Count];
            compiled.Run(handles, results);
            GC.KeepAlive(_keepAlive);
            return outputs.Pack(results.Select(r => (Tensor)new EagerTensor(r, engine)));
        }
    }
}

/// <summary>Receives warnings; the layer above connects its logger.</summary>
static class Diagnostics
{
    public static Action<string> Warn { get; set; } = message => Console.Error.WriteLine($"Keras: {message}");
}
