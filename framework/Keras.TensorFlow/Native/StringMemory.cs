namespace Keras.Engines.TensorFlow;

/// <summary>The cells of a string tensor; their bytes are TensorFlow's copies, freed with the cells.</summary>
sealed unsafe class StringMemory : HostMemory
{
    readonly AlignedMemory _cells;
    readonly int _count;

    /// <summary>Copies these strings into cells.</summary>
    public StringMemory(ReadOnlySpan<byte[]> values)
    {
        TensorFlowLibrary.EnsureLoaded();
        _count = values.Length;
        _cells = new AlignedMemory((long)_count * sizeof(TF_TString));
        for (var i = 0; i < _count; i++)
        {
            CApi.TF_StringInit(Cell(i));
            fixed (byte* source = values[i]) CApi.TF_StringCopy(Cell(i), source, (nuint)values[i].Length);
        }
    }

    /// <inheritdoc/>
    public override byte* Address => _cells.Address;

    /// <inheritdoc/>
    public override long Length => _cells.Length;

    /// <inheritdoc/>
    public override void Dispose()
    {
        for (var i = 0; i < _count; i++) CApi.TF_StringDealloc(Cell(i));
        _cells.Dispose();
    }

    TF_TString* Cell(int index) => (TF_TString*)_cells.Address + index;
}
