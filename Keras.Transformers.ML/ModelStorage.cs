namespace Keras.Transformers;

/// <summary>How <c>mlContext.Model.Save</c> stores the pretrained model of a transform.</summary>
public enum ModelStorage
{
    /// <summary>In the file itself, with its configuration and tokenizer or image processor: the file is all that is needed to load it.</summary>
    InFile,

    /// <summary>By its folder, or its name on the hub, as it was given: the file stays small, and the model must be there when the file is used. It needs a name: a pipeline is rejected, since its model may have been trained. A relative folder is resolved in the working folder of the program that loads it.</summary>
    ByName,
}
