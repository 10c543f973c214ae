using Keras.Callbacks;

namespace Keras;

public sealed partial class KerasApi
{
    /// <summary>Callbacks of <c>fit</c>.</summary>
    public CallbacksApi callbacks { get; } = new();

    /// <summary>Structures of tensors.</summary>
    public TreeApi tree { get; } = new();

    /// <summary>Dtype policies, and <c>get</c> by name.</summary>
    public DTypePoliciesApi dtype_policies { get; } = new();

    /// <summary>The dtype policy of new layers, and the optimizer that scales losses.</summary>
    public MixedPrecisionApi mixed_precision { get; } = new();

    /// <summary>Files of models, and classes of your own in them.</summary>
    public SavingApi saving { get; } = new();

    /// <summary>The version of Keras that this library follows, "3.15.0".</summary>
    public string version() => "3.15.0";
}
