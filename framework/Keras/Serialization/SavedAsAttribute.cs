namespace Keras.Saving;

/// <summary>Gives Keras' name for a field that holds layers, if it differs from the field's; weight files use it.</summary>
[AttributeUsage(AttributeTargets.Field)]
sealed class SavedAsAttribute(string name) : Attribute
{
    public string Name => name;
}
