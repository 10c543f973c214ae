using System.Globalization;
using System.Numerics.Tensors;

namespace Keras.Transformers;

/// <summary>The kind of labels: one class each, several, or a number. The names are those of problem_type in configurations.</summary>
abstract class JobProblem(string name)
{
    public static readonly JobProblem OneClass = new OfOneClass(), SeveralClasses = new OfSeveralClasses(), Number = new OfNumbers();

    static readonly JobProblem[] All = [OneClass, SeveralClasses, Number];

    public string Name => name;

    /// <summary>The metrics that training shows besides the loss.</summary>
    public virtual string[] Metrics => [];

    /// <summary>The function that turns logits into answers, as a pipeline's function_to_apply; null for the model's default.</summary>
    public virtual string? Function => null;

    /// <summary>The problem with the given name, otherwise inferred from a column: several classes for lists, otherwise one.</summary>
    /// <exception cref="JobOptionException">There is no such problem.</exception>
    public static JobProblem Of(string? name, Feature column) => name is null ? column is Sequence ? SeveralClasses : OneClass
        : Array.Find(All, p => p.Name == name) ?? throw JobOptionException.Unknown(nameof(TrainingJob.ProblemType), "There is no such kind of labels", name, All.Select(p => p.Name));

    /// <summary>The problem that a model was trained for.</summary>
    public static JobProblem Of(PretrainedConfig config) => Array.Find(All, p => p.Name == ModelLosses.ProblemOf(config)) ?? OneClass;

    /// <summary>The classes in the rows of a column; for numbers, the column itself.</summary>
    public virtual JobLabels Labels(IReadOnlyList<Dataset> data, string column) => JobLabels.In(data, column, NamesIn);

    /// <summary>The class names in a cell; none if it holds a number.</summary>
    /// <exception cref="JobOptionException">A label is missing or invalid.</exception>
    public abstract IEnumerable<string> NamesIn(DatasetValue cell);

    /// <summary>Encodes cells as targets.</summary>
    /// <exception cref="JobOptionException">A label is missing, or not one of the model's.</exception>
    public abstract Tensors Encode(IReadOnlyList<DatasetValue> cells, JobLabels labels);

    /// <summary>Makes the metrics for evaluation.</summary>
    public abstract JobScores Judge(JobLabels labels);

    sealed class OfOneClass() : JobProblem("single_label_classification")
    {
        public override string[] Metrics => ["accuracy"];

        public override IEnumerable<string> NamesIn(DatasetValue cell) => [JobLabels.Name(cell)];

        public override Tensors Encode(IReadOnlyList<DatasetValue> cells, JobLabels labels) => cells.Select(c => labels[JobLabels.Name(c)]).ToArray();

        public override JobScores Judge(JobLabels labels) => new Scores(labels);

        sealed class Scores(JobLabels labels) : JobScores
        {
            readonly ClassScores _scores = new();

            public override void Add(DatasetValue cell, ReadOnlySpan<float> logits)
            {
                var right = labels[JobLabels.Name(cell)];
                _scores.Add(right, TensorPrimitives.IndexOfMax(logits), ClassScores.Surprise(logits, right));
            }

            public override Dictionary<string, double> Result() => _scores.Result();
        }
    }

    sealed class OfSeveralClasses() : JobProblem("multi_label_classification")
    {
        /// <summary>Reads a list, or a text of comma-separated names; both may be empty. In text files, an empty cell means no names.</summary>
        public override IEnumerable<string> NamesIn(DatasetValue cell)
        {
            if (cell.IsNull) return cell.Feature is Sequence ? throw JobLabels.Missing("an empty cell") : [];
            if (AreFlags(cell)) throw new JobOptionException(ColumnRole.Label.Option, "Labels look like a flag for each class", "lists of names", "lists of 0 and 1", "Give the names of the classes that are 1.");
            if (cell.Feature is Sequence) return Enumerable.Range(0, cell.Count).Select(i => JobLabels.Name(cell[i]));
            return cell.ToObject() is string text ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [JobLabels.Name(cell)];
        }

        /// <summary>Whether a list holds flags, not classes: only 0 and 1, with duplicates, or as floats or bools.</summary>
        static bool AreFlags(DatasetValue cell)
        {
            if (cell.Feature is not Sequence { feature: not ClassLabel } || cell.Count < 2) return false;
            object?[] items = [.. Enumerable.Range(0, cell.Count).Select(i => cell[i].ToObject())];
            return items.All(i => i is IConvertible and not (string or char or DateTime) && Convert.ToDouble(i, CultureInfo.InvariantCulture) is 0 or 1) && (items[0] is bool or float or double || items.Distinct().Count() < items.Length);
        }

        public override Tensors Encode(IReadOnlyList<DatasetValue> cells, JobLabels labels)
        {
            var flags = new float[cells.Count, labels.Names.Count];
            for (var row = 0; row < cells.Count; row++)
                foreach (var name in NamesIn(cells[row])) flags[row, labels[name]] = 1;
            return flags;
        }

        public override JobScores Judge(JobLabels labels) => new Scores(this, labels);

        /// <summary>Metrics for several classes; a class is predicted if its probability exceeds 0.5.</summary>
        sealed class Scores(OfSeveralClasses problem, JobLabels labels) : JobScores
        {
            readonly List<int[]> _right = [], _said = [];
            double _loss;

            public override void Add(DatasetValue cell, ReadOnlySpan<float> logits)
            {
                var right = new int[logits.Length];
                foreach (var name in problem.NamesIn(cell)) right[labels[name]] = 1;
                double loss = 0;
                for (var i = 0; i < logits.Length; i++) loss += Math.Max(logits[i], 0) - (logits[i] * right[i]) + Math.Log(1 + Math.Exp(-Math.Abs(logits[i])));
                _loss += loss / logits.Length;
                _right.Add(right);
                _said.Add([.. logits.ToArray().Select(l => l > 0 ? 1 : 0)]);
            }

            public override Dictionary<string, double> Result()
            {
                MetricValue right = _right.ToArray(), said = _said.ToArray();
                double F1(string average) => Evaluate.evaluate.load("f1", "multilabel").compute(said, right, average: average, zero_division: 0)["f1"];
                return new()
                {
                    ["loss"] = _loss / _right.Count, ["accuracy"] = Evaluate.evaluate.load("accuracy", "multilabel").compute(said, right)["accuracy"], ["micro_f1"] = F1("micro"), ["macro_f1"] = F1("macro"),
                };
            }
        }
    }

    sealed class OfNumbers() : JobProblem("regression")
    {
        public override JobLabels Labels(IReadOnlyList<Dataset> data, string column)
        {
            foreach (var part in data) _ = JobLabels.NamesIn(part, column, NamesIn);
            return new([column]);
        }

        public override string Function => "none";

        public override IEnumerable<string> NamesIn(DatasetValue cell)
        {
            _ = Value(cell);
            return [];
        }

        public override Tensors Encode(IReadOnlyList<DatasetValue> cells, JobLabels labels) => cells.Select(c => (float)Value(c)).ToArray();

        static double Value(DatasetValue cell)
        {
            if (cell.IsNull) throw JobLabels.Missing("an empty cell");
            var value = cell.ToObject();
            return value is IConvertible number and not (string or bool or char or DateTime) && number.ToDouble(CultureInfo.InvariantCulture) is var result && double.IsFinite(result) ? result
                : throw new JobOptionException(ColumnRole.Label.Option, "A label is no number", "finite numbers, to be learnt as such", Known.Say(value), "Name another column, or train without the kind of labels \"regression\".");
        }

        public override JobScores Judge(JobLabels labels) => new Scores();

        sealed class Scores : JobScores
        {
            readonly List<double> _right = [], _said = [];

            public override void Add(DatasetValue cell, ReadOnlySpan<float> logits)
            {
                _right.Add(Value(cell));
                _said.Add(logits[0]);
            }

            public override Dictionary<string, double> Result()
            {
                MetricValue right = _right.ToArray(), said = _said.ToArray();
                double squared = Evaluate.evaluate.load("mse").compute(said, right)["mse"];
                var figures = new Dictionary<string, double> { ["loss"] = squared, ["mse"] = squared, ["mae"] = Evaluate.evaluate.load("mae").compute(said, right)["mae"] };
                // Undefined if all numbers are equal.
                if (_right.Distinct().Skip(1).Any() && _said.Distinct().Skip(1).Any()) figures["pearsonr"] = Evaluate.evaluate.load("pearsonr").compute(said, right)["pearsonr"];
                return figures;
            }
        }
    }
}

/// <summary>Computes metrics row by row.</summary>
abstract class JobScores
{
    /// <summary>Adds a row: its truth and the model's logits.</summary>
    public abstract void Add(DatasetValue cell, ReadOnlySpan<float> logits);

    /// <summary>The metrics so far.</summary>
    public abstract Dictionary<string, double> Result();
}
