namespace Keras.TensorFlowNet;

/// <summary>TensorFlow.NET's names of members: import them with <c>using Keras.TensorFlowNet</c>.</summary>
public static class Extensions
{
    /// <summary>The tensor itself, whose text is its values.</summary>
    public static Tensor numpy(this Tensor tensor) => tensor;

    /// <summary>The variable's value.</summary>
    public static Tensor numpy(this Variable variable) => variable;

    /// <summary>The variable's value.</summary>
    public static Tensor AsTensor(this Variable variable) => variable;

    extension(ActivationsApi activations)
    {
        /// <summary>The same as <c>keras.activations.relu</c>.</summary>
        public ActivationFunction Relu => "relu";

        /// <summary>The same as <c>keras.activations.sigmoid</c>.</summary>
        public ActivationFunction Sigmoid => "sigmoid";

        /// <summary>The same as <c>keras.activations.softmax</c>.</summary>
        public ActivationFunction Softmax => "softmax";

        /// <summary>The same as <c>keras.activations.tanh</c>.</summary>
        public ActivationFunction Tanh => "tanh";

        /// <summary>The same as <c>keras.activations.linear</c>.</summary>
        public ActivationFunction Linear => "linear";
    }

    extension(Model model)
    {
        /// <summary>The same as <c>model.layers</c>.</summary>
        public IReadOnlyList<Layer> Layers => model.layers;

        /// <summary>The same as <c>model.trainable_variables</c>.</summary>
        public IReadOnlyList<Variable> TrainableVariables => model.trainable_variables;
    }
}
