using Keras.Graphs;

namespace Keras.Layers;

/// <summary>A vector of float32 or float64 that functions read when they run, not when they are traced. It is not a weight: nothing trains, counts or saves it as one.</summary>
/// <param name="name">What exports call it.</param>
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

    /// <summary>The numbers as they are when this runs.</summary>
    public Tensor Read()
    {
        if (Graph.Current is { IsScratch: true }) return Tf.Constant(_numbers!);
        var variable = VariableOf(Engines.Engine.Current);
        return StoredVariables.Read(variable) ?? Tf.ReadVariable(variable.Handle, _numbers!.DType);
    }

    /// <summary>The variable of an engine, made where the engine first asks for it.</summary>
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
