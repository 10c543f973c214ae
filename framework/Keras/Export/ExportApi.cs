using Keras.Export;

namespace Keras
{
    public sealed partial class KerasApi
    {
        /// <summary>Exports for other programs: <c>keras.export.ExportArchive()</c>.</summary>
        public ExportApi export { get; } = new();
    }
}

namespace Keras.Export
{
    /// <summary>keras.export: writes models as SavedModels, for programs that do not have their code.</summary>
    /// <remarks>Source: keras/src/export.</remarks>
    public sealed class ExportApi
    {
        internal ExportApi() { }

        /// <inheritdoc cref="Export.ExportArchive(ExportOptions)"/>
#pragma warning disable CA1822 // An instance method, because in Python it is called on the module.
        public ExportArchive ExportArchive(ExportOptions? options = null) => new(options);
#pragma warning restore CA1822
    }
}
