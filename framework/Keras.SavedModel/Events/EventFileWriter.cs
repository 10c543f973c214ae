using System.Globalization;
using Google.Protobuf;
using Keras.Checkpoints;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.Events;

/// <summary>Writes an event file for TensorBoard: TFRecord records, each an Event with a summary as in TensorFlow 2.</summary>
/// <remarks>Sources: tensorflow/core/util/events_writer.cc; the plugins' summary_v2.py of TensorBoard.</remarks>
sealed class EventFileWriter : IDisposable
{
    const int Buckets = 30, MostImages = 3;

    static int s_files;

    readonly FileStream _stream;
    readonly HashSet<string> _tags = [];

    /// <summary>Creates a file in a folder, which is made if missing. Files of other runs stay, and TensorBoard shows them together.</summary>
    public EventFileWriter(string folder)
    {
        Directory.CreateDirectory(folder);
        var name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}.{Interlocked.Increment(ref s_files) - 1}.v2");
        _stream = new(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
        Write(new Event { FileVersion = "brain.Event:2" }, 0);
    }

    public void Scalar(string tag, double value, long step) => Write(tag, "scalars", DataClass.Scalar, HostTensor.Scalar((float)value), step);

    /// <summary>Writes a histogram: how many values fall into each of 30 equal ranges; NaN counts in none.</summary>
    public void Histogram(string tag, IReadOnlyList<double> values, long step)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0) return;
        var (least, most) = (finite.Min(), finite.Max());
        if (most - least is not (> 0 and < double.PositiveInfinity))
        {
            Write(tag, "histograms", DataClass.Tensor, HostTensor.Of<double>([least - 0.5, most + 0.5, finite.Length], new Shape(1, 3)), step);
            return;
        }
        var (width, rows) = ((most - least) / Buckets, new double[Buckets * 3]);
        for (var i = 0; i < Buckets; i++) (rows[3 * i], rows[(3 * i) + 1]) = (least + (width * i), i == Buckets - 1 ? most : least + (width * (i + 1)));
        foreach (var value in finite) rows[(3 * Math.Min((int)((value - least) / width), Buckets - 1)) + 2]++;
        Write(tag, "histograms", DataClass.Tensor, HostTensor.Of<double>(rows, new Shape(Buckets, 3)), step);
    }

    /// <summary>Writes images given as PNG files, at most three.</summary>
    public void Images(string tag, int width, int height, IEnumerable<byte[]> files, long step)
    {
        byte[][] strings = [Text(width), Text(height), .. files.Take(MostImages)];
        Write(tag, "images", DataClass.BlobSequence, HostTensor.OfStrings(new Shape(strings.Length), strings), step);
    }

    /// <summary>Writes a model's config, which TensorBoard draws as a conceptual graph.</summary>
    public void KerasModel(string tag, string json, long step) =>
        Write(tag, "graph_keras_model", DataClass.Unknown, HostTensor.OfStrings(Shape.Scalar, [System.Text.Encoding.UTF8.GetBytes(json)]), step, content: "1");

    /// <summary>Writes a graph of operations.</summary>
    public void Graph(GraphDef graph) => Write(new Event { GraphDef = graph.ToByteString() }, 0);

    static byte[] Text(int number) => System.Text.Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a summary; only the first one of a tag carries its metadata.</summary>
    void Write(string tag, string plugin, DataClass kind, HostTensor tensor, long step, string content = "")
    {
        var value = new Summary.Types.Value { Tag = tag, Tensor = TensorProtos.ToProto(tensor) };
        if (_tags.Add(tag))
            value.Metadata = new() { PluginData = new() { PluginName = plugin, Content = ByteString.CopyFromUtf8(content) }, DataClass = kind };
        Write(new Event { Summary = new() { Value = { value } } }, step);
    }

    void Write(Event written, long step)
    {
        (written.WallTime, written.Step) = ((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds, step);
        TfRecordFile.Write(_stream, written.ToByteArray());
    }

    /// <summary>Flushes what was written, so that readers see it.</summary>
    public void Flush() => _stream.Flush();

    public void Dispose() => _stream.Dispose();
}
