namespace Keras;

/// <summary>What <c>fit</c> takes as validation_data: a tuple (x, y) or (x, y, sample_weight) of whole arrays, or batches.</summary>
public sealed class ValidationData
{
    /// <summary>Validates on whole arrays, which <c>fit</c> cuts into batches.</summary>
    public ValidationData(Tensors x, Tensors? y = null, Tensors? sample_weight = null) => Arrays = new(x, y, sample_weight);

    /// <summary>Validates on batches.</summary>
    public ValidationData(IEnumerable<Batch> batches) => Batches = batches ?? throw new ArgumentNullException(nameof(batches));

    internal Batch? Arrays { get; }

    internal IEnumerable<Batch>? Batches { get; }

    /// <summary>Inputs and targets.</summary>
    public static implicit operator ValidationData((Tensors x, Tensors y) data) => new(data.x, data.y);

    /// <summary>Inputs, targets and sample weights.</summary>
    public static implicit operator ValidationData((Tensors x, Tensors y, Tensors sample_weight) data) => new(data.x, data.y, data.sample_weight);

    /// <summary>Inputs that hold the labels, for models that take them from there.</summary>
    public static implicit operator ValidationData(Tensors x) => new(x);
}
