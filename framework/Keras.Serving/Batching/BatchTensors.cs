namespace Keras.Serving;

/// <summary>Concatenates and splits tensors by rows.</summary>
static class BatchTensors
{
    /// <summary>Concatenates the inputs of several calls, padded to the greatest sizes, and appends copies of the first row.</summary>
    public static Dictionary<string, HostTensor> Batch(IReadOnlyList<IReadOnlyDictionary<string, HostTensor>> calls, int more) =>
        calls[0].Keys.ToDictionary(name => name, name => Concatenated([.. calls.Select(c => c[name])], more));

    /// <summary>Splits inputs into parts of limited rows.</summary>
    public static IEnumerable<(Dictionary<string, HostTensor> Inputs, int Rows)> Cut(IReadOnlyDictionary<string, HostTensor> inputs, int rows, int most)
    {
        for (var from = 0; from < rows; from += most)
        {
            var count = Math.Min(most, rows - from);
            yield return (inputs.ToDictionary(i => i.Key, i => Slice(i.Value, from, count)), count);
        }
    }

    /// <summary>Concatenates the outputs of parts.</summary>
    public static Dictionary<string, HostTensor> Join(IReadOnlyList<IReadOnlyDictionary<string, HostTensor>> parts) => Batch(parts, 0);

    /// <summary>Takes some rows of an output.</summary>
    /// <exception cref="ServingException">Internal: the output does not have one row for each row of the inputs.</exception>
    public static HostTensor Rows(string name, HostTensor output, int from, int count, int all) => output.Shape.Rank > 0 && output.Shape[0] == all
        ? Slice(output, from, count)
        : throw new ServingException(TFServingStatus.Internal, $"The output '{name}' of a batch has not a row for each row of the inputs, so it cannot be divided among the callers. Expected: {all} rows. Received: {output.Shape}. Serve this model without batching.");

    static HostTensor Slice(HostTensor tensor, int from, int count)
    {
        var shape = tensor.Shape.With(0, count);
        if (tensor.Strings is { } strings)
        {
            var width = tensor.Shape[0] == 0 ? 0 : strings.Length / (int)tensor.Shape[0];
            return HostTensor.OfStrings(shape, strings[(from * width)..((from + count) * width)]);
        }
        var bytes = tensor.Shape[0] == 0 ? 0 : tensor.Data.Length / (int)tensor.Shape[0];
        return HostTensor.OfBytes(tensor.DType, shape, tensor.Data.AsSpan(from * bytes, count * bytes).ToArray());
    }

    const long MostPlaces = 1L << 28;

    static HostTensor Concatenated(IReadOnlyList<HostTensor> parts, int more)
    {
        var inner = Widest(parts);
        if (inner.Aggregate((Int128)parts.Sum(p => p.Shape[0]) + more, (p, d) => p * d) > MostPlaces)
            throw new ServingException(TFServingStatus.ResourceExhausted, $"Inputs of a batch become too large when they are padded to one shape. Expected: at most {MostPlaces} elements.");
        HostTensor[] padded = [.. parts.Select(p => Padded(p, inner))];
        if (more > 0)
        {
            var row = Slice(padded[0], 0, 1);
            padded = [.. padded, .. Enumerable.Repeat(row, more)];
        }
        var shape = new Shape([padded.Sum(p => p.Shape[0]), .. inner]);
        if (padded[0].Strings is not null) return HostTensor.OfStrings(shape, [.. padded.SelectMany(p => p.Strings!)]);
        var data = new byte[padded.Sum(p => p.Data.Length)];
        var at = 0;
        foreach (var part in padded)
        {
            part.Data.CopyTo(data, at);
            at += part.Data.Length;
        }
        return HostTensor.OfBytes(padded[0].DType, shape, data);
    }

    static long[] Widest(IReadOnlyList<HostTensor> parts)
    {
        var widest = parts[0].Shape.ToArray()[1..];
        foreach (var part in parts)
            for (var i = 0; i < widest.Length; i++) widest[i] = Math.Max(widest[i], part.Shape[i + 1]);
        return widest;
    }

    /// <summary>Pads the inner dimensions of a tensor at their ends, with zeros or empty strings.</summary>
    static HostTensor Padded(HostTensor tensor, long[] inner)
    {
        var dims = tensor.Shape.ToArray();
        if (dims.AsSpan(1).SequenceEqual(inner)) return tensor;
        var shape = new Shape([dims[0], .. inner]);
        var count = checked((int)shape.ElementCount);
        var strings = tensor.Strings is null ? null : new byte[count][];
        if (strings is not null) Array.Fill(strings, []);
        var data = new byte[count * tensor.DType.Size];
        var width = (int)dims[^1];
        if (width == 0 || tensor.Shape.ElementCount == 0) return Made();
        for (var row = 0; row < tensor.Shape.ElementCount / width; row++)
        {
            var target = Position(row, dims, inner);
            if (strings is not null) tensor.Strings.AsSpan(row * width, width).CopyTo(strings.AsSpan(target));
            else tensor.Data.AsSpan(row * width * tensor.DType.Size, width * tensor.DType.Size).CopyTo(data.AsSpan(target * tensor.DType.Size));
        }
        return Made();

        HostTensor Made() => strings is null ? HostTensor.OfBytes(tensor.DType, shape, data) : HostTensor.OfStrings(shape, strings);
    }

    /// <summary>The position of an innermost row in the wider shape.</summary>
    static int Position(int row, long[] dims, long[] inner)
    {
        long position = 0, stride = inner[^1];
        for (var axis = dims.Length - 2; axis >= 0; axis--)
        {
            position += row % dims[axis] * stride;
            row /= (int)dims[axis];
            if (axis > 0) stride *= inner[axis - 1];
        }
        return checked((int)position);
    }
}
