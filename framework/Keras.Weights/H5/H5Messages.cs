namespace Keras.Saving;

/// <summary>One message of an object's header: its kind and where its content is.</summary>
/// <param name="Kind">The format's number for the kind.</param>
/// <param name="Flags">The format's flags; 2 marks a message stored elsewhere.</param>
/// <param name="Address">The first byte of its content.</param>
/// <param name="Length">The number of bytes of its content.</param>
readonly record struct H5Message(int Kind, int Flags, long Address, int Length)
{
    public const int Dataspace = 0x01, LinkInfo = 0x02, Datatype = 0x03, Link = 0x06, ExternalFiles = 0x07, Layout = 0x08, Filters = 0x0B, Attribute = 0x0C,
        Continuation = 0x10, SymbolTable = 0x11, AttributeInfo = 0x15;

    public bool IsShared => (Flags & 2) != 0;
}

/// <summary>Reads object headers of both versions of the format, with their continuations.</summary>
static class H5Messages
{
    const string What = "An object header";

    public static List<H5Message> Read(H5Bytes file, long address)
    {
        var messages = new List<H5Message>();
        var start = file.At(address, 4, What);
        if (start.Byte() == (byte)'O') ReadNew(file, address, messages);
        else ReadOld(file, address, messages);
        return messages;
    }

    static void ReadOld(H5Bytes file, long address, List<H5Message> messages)
    {
        var head = file.At(address, 16, What);
        head.Version(What, 1, 1);
        head.Skip(1);
        var count = head.UInt16();
        head.Skip(4);
        var length = head.UInt32();
        var parts = new Queue<(long Address, long Length)>([(address + 16, length)]);
        while (parts.TryDequeue(out var part))
        {
            var cursor = file.At(part.Address, part.Length, What);
            while (cursor.Left >= 8 && messages.Count < count)
            {
                var (kind, size, flags) = (cursor.UInt16(), cursor.UInt16(), cursor.Byte());
                cursor.Skip(3);
                Add(ref cursor, kind, size, flags, messages, parts);
            }
        }
    }

    static void ReadNew(H5Bytes file, long address, List<H5Message> messages)
    {
        var head = file.At(address, 6, What);
        head.Signature("OHDR", What);
        head.Version(What, 2, 2);
        var flags = head.Byte();
        var extra = ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
        var sizeBytes = 1 << (flags & 3);
        var rest = file.At(address + 6, extra + sizeBytes, What);
        rest.Skip(extra);
        var parts = new Queue<(long Address, long Length)>([(address + 6 + extra + sizeBytes, rest.Number(sizeBytes))]);
        var first = true;
        while (parts.TryDequeue(out var part))
        {
            var cursor = file.At(part.Address, part.Length, What);
            if (!first)
            {
                cursor.Signature("OCHK", What);
                cursor = cursor.TakePart(Math.Max(0, cursor.Left - 4));
            }
            first = false;
            var headerSize = 4 + ((flags & 4) != 0 ? 2 : 0);
            while (cursor.Left >= headerSize)
            {
                var (kind, size, messageFlags) = (cursor.Byte(), cursor.UInt16(), cursor.Byte());
                cursor.Skip(headerSize - 4);
                Add(ref cursor, kind, size, messageFlags, messages, parts);
            }
        }
    }

    static void Add(ref H5Cursor cursor, int kind, int size, int flags, List<H5Message> messages, Queue<(long, long)> parts)
    {
        var content = cursor.TakePart(size);
        messages.Add(new(kind, flags, content.Address, size));
        if (kind == H5Message.Continuation) parts.Enqueue((content.Int64(), content.Int64()));
    }
}
