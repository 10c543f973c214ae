using Keras.Graphs;

namespace Keras.Layers;

/// <summary>A float32 or float64 vector that functions read when they run, not when they are traced. Not a weight: it is not trained, counted or saved.</summary>
/// <param name="name">Its name in exports.</param>
sealed class LiveNumbers(string name)
{
    readonly Lock _making = new();
    readonly List<(Engines.IEngine Engine, Variable Variable)> _variables = [];
    HostTensor? _numbers;

    /// <summary>Replaces the numbers, also for functions that were traced with as many.</summary>
    public void Set(HostTensor numbers)
    {
        lock (_making)
        {
            _numbers = numbers;
            _variables.RemoveAll(v => v.Variable.shape != numbers.Shape);
            using (Graph.Suspend())
                foreach (var (_, variable) in _variables) variable.Load(Tf.Constant(numbers));
        }
    }

    /// <summary>Reads the current numbers.</summary>
    public Tensor Read()
    {
        if (Graph.Current is { IsScratch: true }) return Tf.Constant(_numbers!);
        var variable = VariableOf(Engines.Engine.Current);
        return StoredVariables.Read(variable) ?? Tf.ReadVariable(variable.Handle, _numbers!.DType);
    }

    /// <summary>The variable for an engine, made on first use.</summary>
    Variable VariableOf(Engines.IEngine engine)
    {
        lock (_making)
        {
            foreach (var (of, known) in _variables)
                if (ReferenceEquals(of, engine)) return known;
            using (Graph.Suspend())
            {
                var made = new Variable(Tf.Constant(_numbers!), trainable: false, name);
                _variables.Add((engine, made));
                return made;
            }
        }
    }
}
