using Keras.Data;

namespace Keras
{
    public sealed partial class KerasApi
    {
        /// <summary>Data pipelines: makes them from arrays or functions, and joins several.</summary>
        public DataApi data => DataApi.Instance;
    }
}

namespace Keras.Data
{
    /// <summary>keras.data: makes data pipelines of arrays, functions and numbers, as Python's <c>tf.data.Dataset</c> does.</summary>
    /// <example>
    /// <code>
    /// Tensor x = keras.random.normal((100, 4)), y = ops.sum(x, axis: 1);
    /// var data = keras.data.from_tensor_slices((x, y))
    ///     .shuffle(100, seed: 1)
    ///     .batch(16)
    ///     .prefetch(keras.data.AUTOTUNE);
    /// foreach (var batch in data) Console.WriteLine(batch[0].Single.shape);
    /// </code>
    /// </example>
    public sealed class DataApi
    {
        internal const int Autotune = -1, AutotunedBuffer = 4;

        internal static DataApi Instance { get; } = new();

        DataApi() { }

        /// <summary>Lets the library choose: one thread per processor, a prefetch buffer of 4.</summary>
        public int AUTOTUNE => Autotune;

        /// <summary>The <see cref="DataPipeline.cardinality"/> of a pipeline without end.</summary>
        public long INFINITE_CARDINALITY => Stage.Infinite;

        /// <summary>The <see cref="DataPipeline.cardinality"/> of a pipeline whose length is unknown without counting.</summary>
        public long UNKNOWN_CARDINALITY => Stage.Unknown;

        /// <summary>Makes a pipeline of the rows of arrays, one element for each.</summary>
        /// <param name="tensors">Arrays or tensors with the same number of rows, alone or in a list or dictionary; they are read once.</param>
        /// <exception cref="ShapeMismatchException">A component has no rows, or another number than the others.</exception>
        public DataPipeline from_tensor_slices(Tensors tensors)
        {
            ArgumentNullException.ThrowIfNull(tensors);
            var arrays = Element.Of(tensors).Map(l => l.OnHost());
            SlicesStage.Check(arrays);
            return new(new SlicesStage(arrays));
        }

        /// <summary>Makes a pipeline of the rows of (x, y), one element for each.</summary>
        /// <inheritdoc cref="from_tensor_slices(Tensors)"/>
        public DataPipeline from_tensor_slices((Tensors x, Tensors y) tensors) => from_tensor_slices(new Tensors(NotNull(tensors.x), NotNull(tensors.y)));

        /// <summary>Makes a pipeline of the rows of (x, y, sample_weight), one element for each.</summary>
        /// <inheritdoc cref="from_tensor_slices(Tensors)"/>
        public DataPipeline from_tensor_slices((Tensors x, Tensors y, Tensors sample_weight) tensors) =>
            from_tensor_slices(new Tensors(NotNull(tensors.x), NotNull(tensors.y), NotNull(tensors.sample_weight)));

        static Tensors NotNull(Tensors part) => part ?? throw new ArgumentNullException("tensors", "A part of tensors is null.");

        /// <summary>Makes a pipeline of one element: the tensors as they are.</summary>
        /// <param name="tensors">The element.</param>
        public DataPipeline from_tensors(Tensors tensors)
        {
            ArgumentNullException.ThrowIfNull(tensors);
            return new(new SingleStage(Element.Of(tensors).Map(l => l.OnHost())));
        }

        /// <summary>Makes a pipeline from a generator function, which is called again for each pass over the data.</summary>
        /// <typeparam name="T">Tensors, arrays, numbers, strings, encodings, batches, or tuples, dictionaries and lists of these.</typeparam>
        /// <param name="generator">Gives the elements; all must have the same structure, dtypes and ranks.</param>
        public DataPipeline from_generator<T>(Func<IEnumerable<T>> generator)
        {
            ArgumentNullException.ThrowIfNull(generator);
            return new(new GeneratorStage(_ => Boxed(generator())));
        }

        /// <summary>Makes a pipeline from an asynchronous generator function, which is called again for each pass over the data.</summary>
        /// <inheritdoc cref="from_generator{T}(Func{IEnumerable{T}})"/>
        public DataPipeline from_generator<T>(Func<IAsyncEnumerable<T>> generator)
        {
            ArgumentNullException.ThrowIfNull(generator);
            return new(new GeneratorStage(token => Boxed((generator() ?? throw new ArgumentException("The generator returned null. Expected: a sequence of elements.")).ToBlockingEnumerable(token))));
        }

        static IEnumerable<object?> Boxed<T>(IEnumerable<T> items) => (items ?? throw new ArgumentException("The generator returned null. Expected: a sequence of elements.")).Select(i => (object?)i);

        /// <summary>Makes a pipeline of the integers from 0 to before stop, int64.</summary>
        /// <param name="stop">The end, which is not included.</param>
        public DataPipeline range(long stop) => range(0, stop);

        /// <summary>Makes a pipeline of integers in steps, int64.</summary>
        /// <param name="start">The first number.</param>
        /// <param name="stop">The number that ends them, not among them.</param>
        /// <param name="step">The step; default 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">step is 0.</exception>
        public DataPipeline range(long start, long stop, long step = 1)
        {
            ArgumentOutOfRangeException.ThrowIfZero(step);
            return new(new RangeStage(start, stop, step));
        }

        /// <summary>Pairs the elements of several pipelines, as lists; it ends with the shortest.</summary>
        /// <param name="datasets">The pipelines.</param>
        /// <exception cref="ArgumentException">There is none.</exception>
        public DataPipeline zip(params DataPipeline[] datasets) => new(new ZipStage(Stages(datasets, nameof(datasets))));

        /// <summary>Takes elements from several pipelines, in the order given by a pipeline of numbers.</summary>
        /// <param name="datasets">The pipelines; their elements must be alike.</param>
        /// <param name="choice_dataset">Indices of the pipelines to take elements from.</param>
        /// <param name="stop_on_empty_dataset">Whether a chosen pipeline without further elements ends it; default true. Otherwise the choice is passed over.</param>
        /// <exception cref="ArgumentException">There is no pipeline.</exception>
        public DataPipeline choose_from_datasets(IReadOnlyList<DataPipeline> datasets, DataPipeline choice_dataset, bool stop_on_empty_dataset = true)
        {
            ArgumentNullException.ThrowIfNull(choice_dataset);
            return new(new ChooseStage(choice_dataset.Stage, Stages(datasets, nameof(datasets)), stop_on_empty_dataset, "choose_from_datasets"));
        }

        /// <summary>Takes each element from one of several pipelines, chosen at random.</summary>
        /// <param name="datasets">The pipelines; their elements must be alike.</param>
        /// <param name="weights">The weight of each in the draw; default equal weights.</param>
        /// <param name="seed">Makes it repeatable; default drawn from the global seed.</param>
        /// <param name="stop_on_empty_dataset">Whether a drawn pipeline without further elements ends it; default false, the others continue.</param>
        /// <param name="rerandomize_each_iteration">Whether each iteration draws new numbers; default true.</param>
        /// <exception cref="ArgumentException">There is no pipeline, a weight is missing or negative, or all are 0.</exception>
        public DataPipeline sample_from_datasets(IReadOnlyList<DataPipeline> datasets, IReadOnlyList<double>? weights = null, int? seed = null, bool stop_on_empty_dataset = false,
            bool rerandomize_each_iteration = true)
        {
            var stages = Stages(datasets, nameof(datasets));
            double[] shares = [.. weights ?? [.. Enumerable.Repeat(1.0, stages.Length)]];
            if (shares.Length != stages.Length) throw new ArgumentException($"weights must have one entry for each pipeline. Expected: {stages.Length}. Received: {shares.Length}.", nameof(weights));
            if (!Array.TrueForAll(shares, s => s >= 0 && double.IsFinite(s)) || shares.Sum() == 0)
                throw new ArgumentException($"weights must be finite, not negative, and not all 0. Received: {Known.Say(shares)}.", nameof(weights));
            return new(new ChooseStage(new DrawStage(shares, seed ?? GlobalSeed.Next(), rerandomize_each_iteration), stages, stop_on_empty_dataset, "sample_from_datasets"));
        }

        static Stage[] Stages(IReadOnlyList<DataPipeline> datasets, string name)
        {
            ArgumentNullException.ThrowIfNull(datasets, name);
            if (datasets.Count == 0) throw new ArgumentException("There are no pipelines. Expected: at least one.", name);
            return [.. datasets.Select((d, i) => (d ?? throw new ArgumentNullException(name, $"Pipeline {i} is null.")).Stage)];
        }
    }
}
