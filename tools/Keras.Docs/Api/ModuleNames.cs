namespace Keras.Docs.Api;

/// <summary>How users reach the classes that stand for Keras' modules: <c>LayersApi</c> is <c>keras.layers</c> to them.</summary>
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
