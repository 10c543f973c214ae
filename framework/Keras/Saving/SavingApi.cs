namespace Keras;

/// <summary>keras.saving: files of models and weights, and classes of your own in them.</summary>
/// <remarks>Source: keras/src/saving.</remarks>
public sealed class SavingApi
{
    internal SavingApi() { }

    /// <inheritdoc cref="Models.ModelsApi.load_model"/>
    public Model load_model(string filepath, IReadOnlyDictionary<string, Type>? custom_objects = null, bool compile = true) => Api.keras.models.load_model(filepath, custom_objects, compile);

    /// <inheritdoc cref="Models.ModelsApi.save_model"/>
    public void save_model(Model model, string filepath, bool overwrite = true) => Api.keras.models.save_model(model, filepath, overwrite);

    /// <inheritdoc cref="Model.load_weights"/>
    /// <param name="model">The model.</param>
    /// <param name="filepath">The file.</param>
    /// <param name="skip_mismatch">Whether to skip weights that do not fit; default false.</param>
    public void load_weights(Model model, string filepath, bool skip_mismatch = false) => (model ?? throw new ArgumentNullException(nameof(model))).load_weights(filepath, skip_mismatch);

    /// <inheritdoc cref="Model.save_weights"/>
    /// <param name="model">The model.</param>
    /// <param name="filepath">The file.</param>
    /// <param name="overwrite">Whether to replace an existing file; default true.</param>
    public void save_weights(Model model, string filepath, bool overwrite = true) => (model ?? throw new ArgumentNullException(nameof(model))).save_weights(filepath, overwrite);

    /// <summary>Registers a class of yours, so that every file that is loaded finds it by its name.</summary>
    /// <typeparam name="T">A layer, model, loss, metric, optimizer, initializer, regularizer or constraint of your own.</typeparam>
    /// <exception cref="ArgumentException">Another class has this name.</exception>
    public void register_keras_serializable<T>() where T : class => CustomObjects.Register(typeof(T));

    /// <summary>The classes that <see cref="register_keras_serializable"/> registered, by their names.</summary>
    public IReadOnlyDictionary<string, Type> get_custom_objects() => CustomObjects.Registered;

    /// <summary>Makes classes of yours known under these names on this thread, until the scope is disposed: <c>using (keras.saving.custom_object_scope(...)) ...</c></summary>
    /// <param name="custom_objects">The classes by their names in files.</param>
    public IDisposable custom_object_scope(IReadOnlyDictionary<string, Type> custom_objects)
    {
        ArgumentNullException.ThrowIfNull(custom_objects);
        return CustomObjects.Enter(custom_objects);
    }

    /// <summary>The name under which files hold a class.</summary>
    public string get_registered_name(Type obj) => (obj ?? throw new ArgumentNullException(nameof(obj))).Name;

    /// <summary>The class registered under a name; null for none.</summary>
    public Type? get_registered_object(string name) => CustomObjects.Registered.GetValueOrDefault(name ?? throw new ArgumentNullException(nameof(name)));
}
