using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Keras.Saving;

/// <summary>A function or type that a pickle refers to by module and name; it is never looked up or run.</summary>
sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>A tuple, which is immutable.</summary>
sealed record PickleTuple(IReadOnlyList<object?> Items);

/// <summary>A dictionary in insertion order; if a key occurs twice, the last value counts.</summary>
sealed class PickleDictionary
{
    public List<KeyValuePair<object?, object?>> Items { get; } = [];
}

/// <summary>A storage: the elements that tensors share.</summary>
/// <param name="DType">Their type.</param>
/// <param name="Key">Their name in the file.</param>
/// <param name="Count">The number of elements.</param>
sealed record TorchStorage(DType DType, string Key, long Count);

/// <summary>A tensor: a view of a storage, with offset and strides in elements.</summary>
sealed record TorchTensor(TorchStorage Storage, long Offset, Shape Shape, IReadOnlyList<long> Strides);

/// <summary>Reads the part of Python's pickle format that PyTorch's state dictionaries use: it accepts tensors and rejects everything else by name.</summary>
/// <remarks>A pickle is a program that may call anything. This reader cannot call anything: it knows only four functions, which describe tensors,
/// and evaluates them itself. Source: Python's pickletools (opcodes), torch/_utils.py (how tensors are rebuilt).</remarks>
ref struct TorchPickle(ReadOnlySpan<byte> bytes, string path, long start)
{
    /// <summary>The most bytes of a pickle; that of a model with fifty thousand tensors is smaller.</summary>
    public const int Longest = 1 << 24;

    const string Damaged = "The file is damaged, or was written by something other than torch.save.";

    static readonly Dictionary<string, DType> StorageTypes = new()
    {
        ["FloatStorage"] = DType.Float32, ["DoubleStorage"] = DType.Float64, ["HalfStorage"] = DType.Float16, ["BFloat16Storage"] = DType.BFloat16,
        ["LongStorage"] = DType.Int64, ["IntStorage"] = DType.Int32, ["ShortStorage"] = DType.Int16, ["CharStorage"] = DType.Int8,
        ["ByteStorage"] = DType.UInt8, ["BoolStorage"] = DType.Bool,
    };

    static readonly object Mark = new();

    readonly ReadOnlySpan<byte> _bytes = bytes;
    readonly List<object?> _stack = [];
    readonly Dictionary<uint, object?> _memo = [];
    int _position;

    /// <summary>The position of the first unread byte.</summary>
    public readonly int Position => _position;

    /// <summary>Reads one pickle to its end.</summary>
    /// <exception cref="FileFormatException">The pickle is damaged.</exception>
    /// <exception cref="UnsupportedException">The pickle refers to something other than tensors.</exception>
    public object? Read()
    {
        while (true)
        {
            var at = _position;
            var opcode = Take(1)[0];
            if (opcode == (byte)'.') return Pop(at);
            Step(opcode, at);
        }
    }

    void Step(byte opcode, int at)
    {
        switch (opcode)
        {
            case 0x80: Take(1); break;
            case 0x95: Take(8); break;
            case (byte)'(': _stack.Add(Mark); break;
            case (byte)'N': _stack.Add(null); break;
            case 0x88: _stack.Add(true); break;
            case 0x89: _stack.Add(false); break;
            case (byte)'K': _stack.Add((long)Take(1)[0]); break;
            case (byte)'M': _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case (byte)'J': _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case 0x8A: _stack.Add(Long(Take(Take(1)[0]))); break;
            case (byte)'G': _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case (byte)'U': case 0x8C: _stack.Add(Text(Take(1)[0], at)); break;
            case (byte)'T': case (byte)'X': _stack.Add(Text(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)), at)); break;
            case 0x8D: _stack.Add(Text(BinaryPrimitives.ReadInt64LittleEndian(Take(8)), at)); break;
            case (byte)'}': _stack.Add(new PickleDictionary()); break;
            case (byte)']': _stack.Add(new List<object?>()); break;
            case (byte)')': _stack.Add(new PickleTuple([])); break;
            case (byte)'t': _stack.Add(new PickleTuple(PopToMark(at))); break;
            case 0x85: case 0x86: case 0x87: _stack.Add(new PickleTuple(PopMany(opcode - 0x84, at))); break;
            case (byte)'a': Append(at, [Pop(at)]); break;
            case (byte)'e': Append(at, PopToMark(at)); break;
            case (byte)'s': SetItems(at, PopMany(2, at)); break;
            case (byte)'u': SetItems(at, PopToMark(at)); break;
            case (byte)'q': _memo[Take(1)[0]] = Top(at); break;
            case (byte)'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top(at); break;
            case 0x94: _memo[(uint)_memo.Count] = Top(at); break;
            case (byte)'h': Recall(Take(1)[0], at); break;
            case (byte)'j': Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)), at); break;
            case (byte)'c': _stack.Add(Global(Line(at), Line(at), at)); break;
            case 0x93: _stack.Add(StackGlobal(at)); break;
            case (byte)'Q': _stack.Add(Storage(Pop(at), at)); break;
            case (byte)'R': Reduce(at); break;
            case (byte)'b': Build(at); break;
            default: throw Refused(at, "an instruction that state dictionaries do not need", $"opcode 0x{opcode:X2}");
        }
    }

    ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > _bytes.Length - _position) throw Wrong(_position, $"{count} more bytes", $"{_bytes.Length - _position}");
        var part = _bytes.Slice(_position, (int)count);
        _position += (int)count;
        return part;
    }

    string Text(long length, int at)
    {
        var text = Take(length);
        return System.Text.Unicode.Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : throw Wrong(at, "text in UTF-8", "other bytes");
    }

    string Line(int at)
    {
        var length = _bytes[_position..].IndexOf((byte)'\n');
        if (length < 0) throw Wrong(at, "a line", "the end");
        var text = Text(length, at);
        Take(1);
        return text;
    }

    /// <summary>Reads a long integer; one beyond 64 bits can only be the marker of the old format, so its hexadecimal digits suffice.</summary>
    static object Long(ReadOnlySpan<byte> little) => little.Length <= 8 ? Extend(little) : Convert.ToHexString(little);

    static long Extend(ReadOnlySpan<byte> little)
    {
        var value = 0L;
        for (var i = 0; i < little.Length; i++) value |= (long)little[i] << (8 * i);
        var unused = 64 - (8 * little.Length);
        return little.Length == 0 ? 0 : value << unused >> unused;
    }

    readonly object? Top(int at) => _stack.Count > 0 && _stack[^1] != Mark ? _stack[^1] : throw Wrong(at, "a value", "none");

    object? Pop(int at)
    {
        var value = Top(at);
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    object?[] PopMany(int count, int at)
    {
        var values = new object?[count];
        for (var i = count - 1; i >= 0; i--) values[i] = Pop(at);
        return values;
    }

    object?[] PopToMark(int at)
    {
        var mark = _stack.LastIndexOf(Mark);
        if (mark < 0) throw Wrong(at, "a mark", "none");
        var values = _stack.GetRange(mark + 1, _stack.Count - mark - 1).ToArray();
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    void Recall(uint index, int at) => _stack.Add(_memo.TryGetValue(index, out var value) ? value : throw Wrong(at, "a value that was kept", $"number {index}"));

    readonly void Append(int at, object?[] values)
    {
        if (Top(at) is not List<object?> list) throw Wrong(at, "a list", Describe(Top(at)));
        list.AddRange(values);
    }

    readonly void SetItems(int at, object?[] values)
    {
        if (Top(at) is not PickleDictionary dictionary) throw Wrong(at, "a dictionary", Describe(Top(at)));
        if (values.Length % 2 != 0) throw Wrong(at, "keys and values", $"{values.Length} of both");
        for (var i = 0; i < values.Length; i += 2) dictionary.Items.Add(new(values[i], values[i + 1]));
    }

    PickleGlobal StackGlobal(int at)
    {
        var names = PopMany(2, at);
        return names is [string module, string name] ? Global(module, name, at) : throw Wrong(at, "a module and a name", $"{Describe(names[0])} and {Describe(names[1])}");
    }

    /// <summary>Resolves a name, which must be one of the allowed ones.</summary>
    readonly PickleGlobal Global(string module, string name, int at) => (module, name) switch
    {
        ("collections", "OrderedDict") or ("torch._utils", "_rebuild_tensor_v2" or "_rebuild_tensor" or "_rebuild_parameter") => new(module, name),
        ("torch" or "torch.storage", _) when StorageTypes.ContainsKey(name) => new(module, name),
        _ => throw Refused(at, "tensors, which are all that weights need", JsonText.Show($"{module}.{name}")),
    };

    readonly TorchStorage Storage(object? id, int at)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal type, string key, string, long count, ..] }) throw Wrong(at, "a storage's type, key, place and length", Describe(id));
        if (!StorageTypes.TryGetValue(type.Name, out var dtype)) throw Wrong(at, string.Join(", ", StorageTypes.Keys), type.ToString());
        return count >= 0 && count <= long.MaxValue / 16 ? new(dtype, key, count) : throw Wrong(at, "the length of a storage", count.ToString(CultureInfo.InvariantCulture));
    }

    void Reduce(int at)
    {
        var pair = PopMany(2, at);
        if (pair is not [PickleGlobal function, PickleTuple { Items: var arguments }]) throw Wrong(at, "a function and a tuple", $"{Describe(pair[0])} and {Describe(pair[1])}");
        _stack.Add((function.Name, arguments) switch
        {
            ("OrderedDict", []) => new PickleDictionary(),
            ("_rebuild_tensor_v2" or "_rebuild_tensor", [TorchStorage storage, long offset, PickleTuple size, PickleTuple strides, ..]) => Tensor(storage, offset, size, strides, at),
            ("_rebuild_parameter", [TorchTensor tensor, ..]) => tensor,
            _ => throw Wrong(at, "what a tensor is rebuilt from", $"{function}({string.Join(", ", arguments.Take(8).Select(Describe))})"),
        });
    }

    readonly TorchTensor Tensor(TorchStorage storage, long offset, PickleTuple size, PickleTuple strides, int at)
    {
        if (!size.Items.All(i => i is long) || !strides.Items.All(i => i is long) || size.Items.Count != strides.Items.Count || size.Items.Count > 64)
            throw Wrong(at, "as many strides as dimensions, up to 64", $"{Describe(size)} and {Describe(strides)}");
        var (dims, steps) = (size.Items.Cast<long>().ToArray(), strides.Items.Cast<long>().ToArray());
        var fits = offset >= 0 && dims.All(d => d >= 0) && steps.All(s => s >= 0) && (dims.Contains(0) || Reach(dims, steps, offset, storage.Count) < storage.Count);
        return fits ? new(storage, offset, new Shape(dims), steps) : throw Wrong(at, $"a tensor within its storage of {storage.Count} elements", $"({string.Join(", ", dims)}) with strides ({string.Join(", ", steps)}) from {offset}");
    }

    /// <summary>The index of a nonempty tensor's last element, or its element count minus 1 if greater: both must lie in the storage.</summary>
    static Int128 Reach(long[] dims, long[] steps, long offset, long most)
    {
        Int128 count = 1, last = offset;
        for (var i = 0; i < dims.Length && count <= most; i++)
        {
            count *= dims[i];
            last += (Int128)(dims[i] - 1) * steps[i];
        }
        return Int128.Max(last, count - 1);
    }

    /// <summary>Discards the extra state of a state dictionary, <c>_metadata</c>, which is not needed.</summary>
    void Build(int at)
    {
        Pop(at);
        if (Top(at) is not PickleDictionary) throw Refused(at, "remarks of a dictionary", $"a state for {Describe(Top(at))}");
    }

    static string Describe(object? value) => value switch
    {
        null => "None",
        bool b => b ? "True" : "False",
        long or double => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        string text => JsonText.Show(text),
        PickleTuple tuple => $"a tuple of {tuple.Items.Count}",
        List<object?> list => $"a list of {list.Count}",
        PickleDictionary => "a dictionary",
        PickleGlobal global => JsonText.Show(global.ToString()),
        TorchTensor tensor => $"a tensor {tensor.Shape}",
        TorchStorage => "a storage",
        _ => "something else",
    };

    readonly string Where(int at) => $"{path}, byte {start + at}";

    readonly FileFormatException Wrong(int at, string expected, string received) => new("A pickle of weights is malformed", Where(at), expected, received, Damaged);

    readonly UnsupportedException Refused(int at, string expected, string received) =>
        new("A pickle of weights asks for more than tensors, and was not run", Where(at), expected, received,
            "Do not load this file with anything else unless you trust its maker. In PyTorch, torch.load(path, weights_only=True) and safetensors.torch.save_file make a safe copy of it.");
}
