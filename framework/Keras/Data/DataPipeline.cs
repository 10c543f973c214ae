using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using Keras.Training;

namespace Keras.Data;

/// <summary>A data pipeline: a source and steps such as <c>map</c>, <c>shuffle</c> and <c>batch</c>, run on demand. Give it to <c>fit</c>, <c>evaluate</c> or <c>predict</c>.</summary>
/// <remarks>An element is a tensor, or tensors in lists and dictionaries; a list of two or three is (x, y) or (x, y, sample_weight). Each method returns a new pipeline and leaves
/// this one unchanged. Each enumeration starts anew, with shuffled elements in another order. Source: tensorflow/python/data/ops/dataset_ops.py (tf.data.Dataset).</remarks>
public sealed partial class DataPipeline : IResumableData
{
    readonly Stage _stage;
    ulong _nextWalk;
    long _nextSkip;
    Position _position = new();

    internal DataPipeline(Stage stage) => _stage = stage;

    /// <summary>The position of the most recent walk over the pipeline.</summary>
    sealed class Position
    {
        public ulong Walk;
        public long Delivered;
        public bool HasEnded;
    }

    internal Stage Stage => _stage;

    /// <summary>The number of elements; -1 (<c>keras.data.INFINITE_CARDINALITY</c>) without end, -2 (<c>keras.data.UNKNOWN_CARDINALITY</c>) if unknown without counting.</summary>
    public long cardinality() => _stage.Cardinality;

    /// <summary>The dtypes and shapes of the elements; if functions make them, those of the first element, which is computed for this.</summary>
    /// <exception cref="ShapeMismatchException">There is no element to tell them.</exception>
    public ElementSpec element_spec => _stage.KnownSpec(NewRun(0));

    /// <summary>The elements, one after the other.</summary>
    /// <exception cref="DataPipelineException">A function or a source failed.</exception>
    public IEnumerator<Tensors> GetEnumerator() => Walk().Select(e => e.ToTensors()).GetEnumerator();

    /// <summary>The elements as an enumerable, for LINQ.</summary>
    public IEnumerable<Tensors> as_numpy_iterator() => new Enumerable(this);

    IEnumerator<Batch> IEnumerable<Batch>.GetEnumerator() => Walk().Select(e => e.ToBatch()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    int? IDataAdapter.NumBatches => _stage.Cardinality is >= 0 and <= int.MaxValue ? (int)_stage.Cardinality : null;

    int? IDataAdapter.BatchSize => _stage.BatchSize;

    bool IResumableData.IsInfinite => _stage.Cardinality == Stage.Infinite;

    /// <summary>A pipeline as the validation data of <c>fit</c>.</summary>
    public static implicit operator ValidationData(DataPipeline pipeline) => new(pipeline ?? throw new ArgumentNullException(nameof(pipeline)));

    /// <summary>Combines all elements into one value, one after the other.</summary>
    /// <param name="initial_state">The value to combine the first element with.</param>
    /// <param name="reduce_func">Combines the current value with an element.</param>
    /// <exception cref="UnsupportedException">The pipeline has no end.</exception>
    public T reduce<T>(T initial_state, Func<T, Tensors, T> reduce_func)
    {
        ArgumentNullException.ThrowIfNull(reduce_func);
        RequireEnd(nameof(reduce));
        var state = initial_state;
        foreach (var element in this) state = reduce_func(state, element);
        return state;
    }

    /// <summary>Saves the position of the latest pass over the data as a short text: how many elements were taken, in which pass, with which seeds.</summary>
    /// <remarks>A pipeline built in the same way, in any process, resumes there after <see cref="load_state"/>, in the same order. Elements before are skipped without calling
    /// functions where each gives one element. What a function draws from a random state of its own is not part of it.</remarks>
    public string save_state()
    {
        var position = _position;
        var (walk, delivered) = position.HasEnded || position.Delivered == _stage.Cardinality ? (position.Walk + 1, 0) : (position.Walk, position.Delivered);
        return new JsonObject
        {
            ["steps"] = Steps, ["walk"] = walk, ["delivered"] = delivered, ["seeds"] = new JsonArray([.. _stage.AllStages().Select(s => s.Seed).OfType<long>().Select(s => (JsonNode)s)]),
        }.ToJsonString();
    }

    /// <summary>Makes the next pass resume at a position that <see cref="save_state"/> saved.</summary>
    /// <param name="state">The text from <see cref="save_state"/>.</param>
    /// <exception cref="ArgumentException">The text is not such a state, or is that of a pipeline with other steps.</exception>
    public void load_state(string state)
    {
        ArgumentException.ThrowIfNullOrEmpty(state);
        try
        {
            using var document = JsonDocument.Parse(state);
            var (root, own) = (document.RootElement, Steps);
            var steps = root.GetProperty("steps").GetString();
            if (steps != own) throw new ArgumentException($"The state belongs to another pipeline. Expected: steps {own}. Received: {steps}.", nameof(state));
            var (walk, delivered) = (root.GetProperty("walk").GetUInt64(), root.GetProperty("delivered").GetInt64());
            long[] seeds = [.. root.GetProperty("seeds").EnumerateArray().Select(s => s.GetInt64())];
            Stage[] seeded = [.. _stage.AllStages().Where(s => s.Seed is not null)];
            if (delivered < 0 || seeds.Length != seeded.Length) throw new ArgumentException("The state of a pipeline is damaged.", nameof(state));
            for (var i = 0; i < seeds.Length; i++) seeded[i].Seed = seeds[i];
            (_nextWalk, _nextSkip) = (walk, delivered);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ArgumentException($"The text is not the state of a pipeline: {e.Message}", nameof(state), e);
        }
    }

    string Steps => string.Join(">", _stage.AllStages().Select(s => s.Name));

    internal void RequireEnd(string method)
    {
        if (_stage.Cardinality == Stage.Infinite)
            throw new UnsupportedException("A pipeline without end cannot be read to its end", method, "a finite number of elements", "an infinite pipeline", "Use take, or repeat with a count; give fit steps_per_epoch, evaluate and predict steps.");
    }

    Run NewRun(ulong walk)
    {
        OptionsStage[] options = [.. _stage.AllStages().OfType<OptionsStage>()];
        CancellationToken[] tokens = [.. options.Select(o => o.Token).Where(t => t.CanBeCanceled)];
        var token = tokens.Length < 2 ? tokens.FirstOrDefault() : CancellationTokenSource.CreateLinkedTokenSource(tokens).Token;
        return new(walk, options.LastOrDefault(o => o.IsDeterministic is not null)?.IsDeterministic ?? true, token);
    }

    IEnumerable<Element> Walk()
    {
        var position = _position = new() { Walk = _nextWalk, Delivered = _nextSkip };
        (_nextWalk, _nextSkip) = (_nextWalk + 1, 0);
        var run = NewRun(position.Walk);
        foreach (var element in _stage.Elements(run, position.Delivered))
        {
            run.Token.ThrowIfCancellationRequested();
            position.Delivered++;
            yield return element;
        }
        position.HasEnded = true;
    }

    sealed class Enumerable(DataPipeline pipeline) : IEnumerable<Tensors>
    {
        public IEnumerator<Tensors> GetEnumerator() => pipeline.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
