using System.Text;
using Keras.Files;

namespace Keras.Data;

/// <summary>A file of elements: a magic number, the structure, then the shapes and bytes of each element's components, and at the end their count.</summary>
static class CacheFile
{
    const string Mark = "KERASDATA1";
    const byte Next = 1, End = 0;
    const int MostDimensions = 254;

    /// <summary>Writes to a temporary file, which replaces the target only when complete.</summary>
    public sealed class Writer : IDisposable
    {
        readonly string _target, _temporary;
        readonly Microsoft.Win32.SafeHandles.SafeFileHandle _guard;
        readonly FileStream _stream;
        readonly BinaryWriter _writer;
        long _count;

        public Writer(string file)
        {
            _target = Path.GetFullPath(file);
            Directory.CreateDirectory(Path.GetDirectoryName(_target)!);
            TemporaryName.CleanUp(_target);
            (_temporary, _guard) = TemporaryName.Create(_target);
            _stream = new(_temporary, FileMode.Open, FileAccess.ReadWrite, TemporaryName.GuardShare, 1 << 16);
            _writer = new(_stream, Encoding.UTF8);
            _writer.Write(Mark);
        }

        public void Write(Element element)
        {
            if (_count++ == 0) WriteStructure(element.Structure);
            _writer.Write(Next);
            foreach (var leaf in element.Leaves)
            {
                _writer.Write(leaf.DType.Name);
                _writer.Write((byte)leaf.Shape.Rank);
                for (var d = 0; d < leaf.Shape.Rank; d++) _writer.Write(leaf.Shape[d]);
                if (leaf.DType != DType.String) _writer.Write(leaf.Bytes.Span);
                else foreach (var text in leaf.Strings.Span) WriteText(text);
            }
        }

        void WriteText(byte[] text)
        {
            _writer.Write(text.Length);
            _writer.Write(text);
        }

        void WriteStructure(ElementStructure structure)
        {
            _writer.Write(structure.IsLeaf ? -1 : structure.Items.Count);
            if (structure.IsLeaf) return;
            _writer.Write(structure.Keys is not null);
            for (var i = 0; i < structure.Items.Count; i++)
            {
                if (structure.Keys is { } keys) _writer.Write(keys[i]);
                WriteStructure(structure.Items[i]);
            }
        }

        public void Commit()
        {
            _writer.Write(End);
            _writer.Write(_count);
            _writer.Flush();
            _stream.Flush(flushToDisk: true);
            Close();
            File.Move(_temporary, _target, overwrite: true);
        }

        void Close()
        {
            _writer.Dispose();
            _guard.Dispose();
        }

        public void Dispose()
        {
            Close();
            if (File.Exists(_temporary)) File.Delete(_temporary);
        }
    }

    /// <exception cref="FileFormatException">The file is damaged, or no cache of elements.</exception>
    public static IEnumerable<Element> Read(string file, CancellationToken token)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.SequentialScan);
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        if (Guarded(reader.ReadString) != Mark) throw Damaged("the mark of a cache of elements", "another beginning");
        ElementStructure? structure = null;
        for (var count = 0L; ; count++)
        {
            token.ThrowIfCancellationRequested();
            var number = count;
            if (Guarded(() => IsEnd(ref structure, number))) yield break;
            yield return Guarded(() => new Element(structure!, ReadLeaves(structure!.Count)));
        }

        bool IsEnd(ref ElementStructure? known, long count)
        {
            // A file without elements has no structure, only its end.
            if (known is null && !(stream.Length - stream.Position == 1 + sizeof(long))) known = ReadStructure(0);
            if (reader.ReadByte() == Next) return known is null ? throw Damaged("a structure", "none") : false;
            return reader.ReadInt64() == count ? true : throw Damaged("as many elements as were written", $"{count}");
        }

        ElementStructure ReadStructure(int depth)
        {
            var items = reader.ReadInt32();
            if (items == -1) return ElementStructure.One;
            if (items < 0 || items > stream.Length || depth > MostDimensions) throw Damaged("a structure", $"one of {items} parts");
            var isDictionary = reader.ReadBoolean();
            var (keys, parts) = (new List<string>(), new List<ElementStructure>());
            for (var i = 0; i < items; i++)
            {
                if (isDictionary) keys.Add(reader.ReadString());
                parts.Add(ReadStructure(depth + 1));
            }
            return isDictionary ? ElementStructure.DictionaryOf(keys, parts) : ElementStructure.ListOf(parts);
        }

        Leaf[] ReadLeaves(int count)
        {
            var leaves = new Leaf[count];
            for (var i = 0; i < count; i++)
            {
                var dtype = DType.Parse(reader.ReadString());
                var dims = new long[reader.ReadByte()];
                var room = stream.Length - stream.Position;
                var elements = 1L;
                for (var d = 0; d < dims.Length; d++)
                {
                    dims[d] = reader.ReadInt64();
                    if (dims[d] < 0 || (elements *= dims[d]) > room) throw Damaged("shapes that the file can fill", $"a dimension of {dims[d]}");
                }
                var shape = new Shape(dims);
                leaves[i] = dtype == DType.String ? Leaf.Of(shape, ReadTexts((int)elements)) : Leaf.Of(dtype, shape, ReadBytes(elements * dtype.Size));
            }
            return leaves;
        }

        byte[][] ReadTexts(int count)
        {
            var texts = new byte[count][];
            for (var i = 0; i < count; i++) texts[i] = ReadBytes(reader.ReadInt32());
            return texts;
        }

        byte[] ReadBytes(long count)
        {
            if (count < 0 || count > stream.Length - stream.Position) throw Damaged($"{count} bytes", $"{stream.Length - stream.Position}");
            var bytes = new byte[count];
            stream.ReadExactly(bytes);
            return bytes;
        }

        T Guarded<T>(Func<T> read)
        {
            try
            {
                return read();
            }
            catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException or OverflowException or DecoderFallbackException)
            {
                throw Damaged("a whole cache of elements", $"{e.GetType().Name}: {e.Message.TrimEnd('.')}");
            }
        }

        FileFormatException Damaged(string expected, string received) =>
            new("A cache of elements cannot be read", $"{file}, byte {stream.Position}", expected, received, "Remove the file: it is made anew.");
    }
}
