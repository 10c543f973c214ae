using System.Text;
using Keras.Tests;

namespace Keras.Saving.Tests;

/// <summary>Damaged and hostile files: each a typed error that says where, and no memory taken for what a file only claims.</summary>
sealed class SafetensorsValidationTests
{
    static string Tensor(string dtype, string shape, long start, long end) => RawSafetensors.Tensor(dtype, shape, start, end);

    static TestCaseData Case(string name, byte[] file, params string[] inMessage) => new TestCaseData(file, inMessage).SetArgDisplayNames(name);

    static TestCaseData Case(string name, string json, int dataLength, params string[] inMessage) => Case(name, RawSafetensors.File(json, dataLength), inMessage);

    static IEnumerable<TestCaseData> Prefixes()
    {
        yield return Case("an empty file", [], "byte 0", "0 bytes");
        yield return Case("seven bytes", new byte[7], "byte 0", "7 bytes");
        yield return Case("a length of zero", new byte[32], "byte 0", "Received: 0");
        yield return Case("a length beyond the file", RawSafetensors.File(RawSafetensors.OneTensor, 24, 82), "byte 0", "Received: 82", "1 to 81", "not downloaded to its end");
        yield return Case("a length above the limit", RawSafetensors.File(RawSafetensors.OneTensor, 24, 100_000_001), "byte 0", "100000001");
        yield return Case("a negative length", RawSafetensors.File(RawSafetensors.OneTensor, 24, ulong.MaxValue), "byte 0", "18446744073709551615");
        yield return Case("a git-lfs pointer", Encoding.ASCII.GetBytes("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"), "git-lfs pointer", "git lfs pull");
        yield return Case("a zip", [.. "PK\x03\x04"u8, .. new byte[60]], "zip archive");
        yield return Case("an HDF5 file", [0x89, .. "HDF\r\n"u8, 0x1A, 0x0A, .. new byte[60]], "HDF5", ".h5");
        yield return Case("a GGUF file", [.. "GGUF\x03\0\0\0"u8, .. new byte[60]], "GGUF");
        yield return Case("a web page", Encoding.ASCII.GetBytes("<!DOCTYPE html><html>404</html>"), "web page");
    }

    static IEnumerable<TestCaseData> Texts()
    {
        yield return Case("white space first", " " + RawSafetensors.OneTensor, 24, "byte 8", "0x20");
        yield return Case("a list", "[1]", 0, "byte 8", "'{'");
        yield return Case("broken UTF-8", RawSafetensors.File([.. "{\"w"u8, 0xC3, .. "\":{}}"u8], 0), "byte 11", "UTF-8", "0xC3");
        yield return Case("UTF-8 of a surrogate", RawSafetensors.File([.. "{\""u8, 0xED, 0xA0, 0x80, .. "\":1}"u8], 0), "byte 10", "UTF-8");
        yield return Case("half a surrogate escaped", """{"\ud800":{}}""", 0, "surrogate");
        yield return Case("no end", RawSafetensors.OneTensor[..^1], 24, "not valid JSON");
        yield return Case("something after the end", RawSafetensors.OneTensor + "x", 24, "not valid JSON", "byte 65");
        yield return Case("zeros after the end", RawSafetensors.OneTensor + "\0\0", 24, "not valid JSON");
        yield return Case("two objects", "{}{}", 0, "not valid JSON", "byte 10");
        yield return Case("a comma too many", RawSafetensors.OneTensor[..^1] + ",}", 24, "not valid JSON");
        yield return Case("a comment", "{/* */}", 0, "not valid JSON");
        yield return Case("deep nesting", "{\"w\":{\"more\":" + new string('[', 200_000) + new string(']', 200_000) + "}}", 0, "not valid JSON", "depth");
        yield return Case("deep nesting of a tensor", "{" + string.Concat(Enumerable.Repeat("\"a\":{", 50_000)), 0, "not valid JSON");
        yield return Case("a tensor twice", $$"""{"w":{{Tensor("U8", "1", 0, 1)}},"w":{{Tensor("U8", "1", 1, 2)}}}""", 2, "'w' twice");
        yield return Case("a tensor twice by escapes", $$"""{"w":{{Tensor("U8", "1", 0, 1)}},"\u0077":{{Tensor("U8", "1", 1, 2)}}}""", 2, "'w' twice");
        yield return Case("metadata twice", """{"__metadata__":{},"__metadata__":{}}""", 0, "'__metadata__' twice");
        yield return Case("a key of metadata twice", """{"__metadata__":{"a":"1","a":"2"}}""", 0, "__metadata__", "'a' twice");
        yield return Case("a shape twice", """{"w":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}}""", 1, "'w', keys", "'shape' twice");
        yield return Case("an unknown key twice", """{"w":{"x":1,"x":1,"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "'w', keys", "'x' twice");
    }

    static IEnumerable<TestCaseData> Types()
    {
        static TestCaseData Inner(string name, string inner, params string[] inMessage) => Case(name, $$"""{"w":{{inner}}}""", 1, ["'w'", .. inMessage]);
        yield return Inner("a tensor that is a number", "1", "an object", "'1'");
        yield return Inner("a tensor that is null", "null", "'null'");
        yield return Inner("a tensor that is a list", "[]", "a list");
        yield return Inner("a tensor without anything", "{}", "dtype, shape and data_offsets", "none of them");
        yield return Inner("a tensor without a shape", """{"dtype":"U8","data_offsets":[0,1]}""", "'dtype', 'data_offsets'");
        yield return Inner("a dtype that is a number", """{"dtype":1,"shape":[1],"data_offsets":[0,1]}""", "dtype", "a string");
        yield return Inner("a dtype of nowhere", Tensor("F33", "1", 0, 1), "F33", "BF16");
        yield return Inner("a dtype in small letters", Tensor("f32", "1", 0, 1), "f32");
        yield return Inner("a shape that is a number", """{"dtype":"U8","shape":1,"data_offsets":[0,1]}""", "shape", "a list");
        yield return Inner("a shape that is an object", """{"dtype":"U8","shape":{},"data_offsets":[0,1]}""", "shape", "an object");
        yield return Inner("a negative dimension", Tensor("U8", "-1", 0, 1), "shape", "'-1'");
        yield return Inner("a fraction as a dimension", Tensor("U8", "1.0", 0, 1), "shape", "'1.0'");
        yield return Inner("an exponent as a dimension", Tensor("U8", "1e0", 0, 1), "shape", "'1e0'");
        yield return Inner("text as a dimension", Tensor("U8", "\"1\"", 0, 1), "shape", "a string");
        yield return Inner("a list as a dimension", Tensor("U8", "[1]", 0, 1), "shape", "a list");
        yield return Inner("a dimension of more than 63 bits", Tensor("U8", "9223372036854775808", 0, 1), "shape", "'9223372036854775808'");
        yield return Inner("a dimension of a thousand digits", Tensor("U8", new string('9', 1000), 0, 1), "shape", "'9999", "999...");
        yield return Inner("too many dimensions", Tensor("U8", string.Join(',', Enumerable.Repeat(1, 255)), 0, 1), "shape", "254");
        yield return Inner("a million dimensions", Tensor("U8", string.Join(',', Enumerable.Repeat(1, 1_000_000)), 0, 1), "shape", "254");
        yield return Inner("one offset", """{"dtype":"U8","shape":[1],"data_offsets":[0]}""", "data_offsets", "the end of the list");
        yield return Inner("three offsets", """{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}""", "data_offsets", "two numbers");
        yield return Inner("no offsets", """{"dtype":"U8","shape":[1],"data_offsets":[]}""", "data_offsets");
        yield return Inner("a negative offset", Tensor("U8", "1", -1, 0), "data_offsets", "'-1'");
        yield return Inner("offsets that are null", """{"dtype":"U8","shape":[1],"data_offsets":null}""", "data_offsets", "'null'");
        yield return Case("metadata that is a list", """{"__metadata__":[]}""", 0, "__metadata__", "an object");
        yield return Case("metadata of numbers", """{"__metadata__":{"format":1}}""", 0, "__metadata__", "'format'", "a string");
        yield return Case("metadata of objects", """{"__metadata__":{"format":{}}}""", 0, "__metadata__", "'format'", "an object");
    }

    static IEnumerable<TestCaseData> Layouts()
    {
        static TestCaseData Two(string name, string a, string b, int dataLength, params string[] inMessage) => Case(name, $$"""{"a":{{a}},"b":{{b}}}""", dataLength, inMessage);
        yield return Case("a file cut short", RawSafetensors.OneTensor, 23, "'w'", "ends at 24", "data at 23", "downloaded to its end");
        yield return Case("trailing bytes", RawSafetensors.OneTensor, 25, "ends at 24", "data at 25");
        yield return Case("data of nobody", "{}", 1, "ends at 0", "data at 1");
        yield return Two("a hole", Tensor("U8", "2", 0, 2), Tensor("U8", "2", 3, 5), 5, "'b'", "from 2 to nobody");
        yield return Two("a hole at the start", Tensor("U8", "2", 1, 3), Tensor("U8", "2", 3, 5), 5, "'a'", "from 0 to nobody");
        yield return Two("an overlap", Tensor("U8", "3", 0, 3), Tensor("U8", "3", 2, 5), 5, "'b'", "within a tensor that ends at 3");
        yield return Two("the same bytes twice", Tensor("U8", "3", 0, 3), Tensor("U8", "3", 0, 3), 3, "'b'", "within a tensor");
        yield return Two("one tensor inside another", Tensor("U8", "6", 0, 6), Tensor("U8", "2", 2, 4), 6, "'b'", "within a tensor that ends at 6");
        yield return Two("an empty tensor inside another", Tensor("U8", "6", 0, 6), Tensor("U8", "0", 3, 3), 6, "'b'", "within a tensor");
        yield return Case("an end before the start", $$"""{"w":{{Tensor("U8", "1", 4, 3)}}}""", 4, "'w'", "end at 3", "start at 4");
        yield return Case("fewer bytes than the shape", $$"""{"w":{{Tensor("F32", "2,3", 0, 20)}}}""", 20, "'w'", "float32 (2, 3) needs 24 bytes", "has 20");
        yield return Case("more bytes than the shape", $$"""{"w":{{Tensor("F16", "2,3", 0, 13)}}}""", 13, "'w'", "needs 12 bytes", "has 13");
        yield return Case("bytes for a shape of none", $$"""{"w":{{Tensor("F32", "0", 0, 4)}}}""", 4, "'w'", "needs 0 bytes");
        yield return Case("a shape of 2^60", $$"""{"w":{{Tensor("F64", "1152921504606846975", 0, 8)}}}""", 8, "'w'", "needs 9223372036854775800 bytes");
        yield return Case("a shape that overflows", $$"""{"w":{{Tensor("F32", "4294967296,4294967296", 0, 0)}}}""", 0, "'w'", "larger than any file");
        yield return Case("a shape that overflows by its type alone", $$"""{"w":{{Tensor("F64", "1152921504606846976", 0, 0)}}}""", 0, "'w'", "larger than any file");
        yield return Case("a shape that overflows to what fits", $$"""{"w":{{Tensor("U8", "4294967296,4294967296,1", 0, 0)}}}""", 0, "larger than any file");
        yield return Case("an overflow behind a zero", $$"""{"w":{{Tensor("U8", "0,4294967296,4294967296", 0, 0)}}}""", 0, "larger than any file");
        yield return Case("offsets at the end of the numbers", $$"""{"w":{{Tensor("U8", "1", long.MaxValue - 1, long.MaxValue)}}}""", 1, "'w'");
    }

    [TestCaseSource(nameof(Prefixes))]
    [TestCaseSource(nameof(Texts))]
    [TestCaseSource(nameof(Types))]
    [TestCaseSource(nameof(Layouts))]
    public void Is_refused(byte[] file, string[] inMessage)
    {
        using var folder = new TemporaryFolder();
        var path = folder["w.safetensors"];
        File.WriteAllBytes(path, file);
        _ = Assert.Throws<FileFormatException>(() => SafetensorsFile.Open(path));

        var before = GC.GetAllocatedBytesForCurrentThread();
        FileFormatException? error = null;
        try
        {
            SafetensorsFile.Open(path);
        }
        catch (FileFormatException e)
        {
            error = e;
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(error!.Where, Does.StartWith(path));
        foreach (var text in inMessage) Assert.That(error.Message, Does.Contain(text));
        Assert.That(error.Message, Has.Length.LessThan(2_000));
        // An exception with its stack trace alone takes some 20 KB.
        Assert.That(allocated, Is.LessThan(file.Length + 65_536));
    }

    [Test]
    public void Everything_that_does_not_fit_is_told_at_once()
    {
        var json = $$"""{"short":{{Tensor("F32", "2", 0, 4)}},"fine":{{Tensor("U8", "4", 4, 8)}},"strange":{{Tensor("Q4", "4", 4, 8)}},"back":{{Tensor("U8", "4", 8, 4)}}}""";
        Assert.That(Error(RawSafetensors.File(json, 8)).Message, Does.Contain("in 3 places").And.Contain("'short'").And.Contain("'strange'").And.Contain("'back'").And.Not.Contain("'fine'"));
    }

    [Test]
    public void Of_very_many_contradictions_the_first_are_told_and_the_rest_counted()
    {
        var json = "{" + string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"t{i}\":{Tensor("F32", "2", 0, 4)}")) + "}";
        Assert.That(Error(RawSafetensors.File(json, 4)).Message, Does.Contain("in 1000 places").And.Contain("'t19'").And.Not.Contain("'t20'").And.Contain("980 more"));
    }

    [Test]
    public void Hostile_names_do_not_reach_a_terminal_as_they_are()
    {
        var message = Error(RawSafetensors.File($$"""{"\u001b[31m\n{{new string('x', 500)}}":{{Tensor("F32", "2", 0, 4)}}}""", 4)).Message;
        Assert.That(message, Does.Contain("\\u001b[31m\\u000a").And.Contain("506 characters"));
        Assert.That(message.Where(char.IsControl), Is.Empty);
    }

    [Test]
    public void What_the_format_allows_is_not_refused()
    {
        var json = $$"""{ "__metadata__" : null , "b":{"extra":[{"x":1}],"shape":[ ],"dtype":"U8","data_offsets":[4,5]}, "a":{{Tensor("U8", "4", 0, 4)}},"":{{Tensor("U8", "0", 5, 5)}} }   """ + "\n\t";
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["w.safetensors"], RawSafetensors.File(json, 5));
        using var file = SafetensorsFile.Open(folder["w.safetensors"]);
        Assert.That(file.Entries.Keys, Is.EquivalentTo(["a", "b", ""]));
        Assert.That(file.Metadata, Is.Empty);
    }

    static FileFormatException Error(byte[] file)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["w.safetensors"], file);
        return Assert.Throws<FileFormatException>(() => SafetensorsFile.Open(folder["w.safetensors"]))!;
    }
}
