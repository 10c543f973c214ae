namespace Keras.Docs.Api;

/// <summary>The names by which users reach the classes for Keras' modules: <c>keras.layers</c> for <c>LayersApi</c>.</summary>
static class ModuleNames
{
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<ApiType> types)
    {
        var names = new Dictionary<string, string>();
        if (types.FirstOrDefault(t => t.Info.FullName == "Keras.KerasApi") is { } root) Visit(root.Info, "keras");
        return names;

        void Visit(Type type, string name)
        {
            if (!names.TryAdd(type.FullName!, name)) return;
            foreach (var property in type.GetProperties().Where(p => p.PropertyType.Name.EndsWith("Api", StringComparison.Ordinal)).OrderBy(p => p.Name, StringComparer.Ordinal)) Visit(property.PropertyType, $"{name}.{property.Name}");
        }
    }
}
