namespace Keras.Saving;

/// <summary>Keras' name of a field that holds layers, where it is another than the field's: files of weights name layers by it.</summary>
[AttributeUsage(AttributeTargets.Field)]
sealed class SavedAsAttribute(string name) : Attribute
{
    public string Name => name;
}
