using Keras.Images;

namespace Keras.Transformers.Tests.Images;

/// <summary>Images are worked on in arrays from a pool, and finished where their batch lies.</summary>
sealed class PooledImageTests
{
    const int Side = 1000;

    /// <summary>Far less than the samples of a picture of 1000 x 1000 take.</summary>
    const long Little = 300_000;

    static readonly ViTImageProcessor Small = new(size: (4, 6), image_mean: 0.5, image_std: 0.5);

    /// <summary>A JPEG file whose header says that it is larger than its data: the rest of it is grey. What follows its end makes it long enough for that.</summary>
    static byte[] Enlarged(string name, bool hasEnd = true)
    {
        var file = File.ReadAllBytes(Path.Combine(GoldenFolder.Own, "images", "src", name));
        var header = Math.Max(file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0, 0]), file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC2, 0]));
        foreach (var side in (int[])[header + 5, header + 7]) (file[side], file[side + 1]) = (Side >> 8, Side & 0xFF);
        return [.. hasEnd ? file : file[..^2], .. new byte[2000]];
    }

    static long Allocated(Action work)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 10; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }

    [Test]
    public void Large_files_take_little_new_memory([Values("baseline_420.jpg", "progressive_420.jpg")] string name)
    {
        var file = Enlarged(name);
        Assert.That(Picture.Open(file).Pixels, Has.Length.EqualTo(Side * Side * 3));
        Assert.That(Allocated(() => Small.Apply(file)), Is.LessThan(Little));
    }

    [Test]
    public void Large_arrays_take_little_new_memory()
    {
        var (last, first) = (new byte[Side, Side, 3], new byte[3, Side, Side]);
        Assert.That(Allocated(() => Small.Apply(last)), Is.LessThan(Little));
        Assert.That(Allocated(() => Small.Apply(first)), Is.LessThan(Little));
    }

    [Test]
    public void Damaged_files_give_their_arrays_back([Values("baseline_420.jpg", "progressive_420.jpg")] string name)
    {
        var cut = Enlarged(name, hasEnd: false);
        Assert.That(Allocated(() => Assert.That(() => Small.Apply(cut), Throws.TypeOf<FileFormatException>())), Is.LessThan(Little));
    }

    [Test]
    public void What_other_images_left_behind_is_not_seen()
    {
        var white = new byte[60, 50, 3];
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref white[0, 0, 0], white.Length).Fill(byte.MaxValue);
        Small.Apply(white, do_resize: false, do_center_crop: true, crop_size: (80, 80));
        var cropped = Small.Apply(new Picture("L", 1, 1, [7]), do_resize: false, do_center_crop: true, crop_size: (80, 80), do_rescale: false, do_normalize: false).Stacked();
        Assert.That(cropped.Data.Sum(b => b), Is.EqualTo(7));
    }

    /// <summary>Fills the arrays that the pool gives next with bytes that no image has.</summary>
    static void Soil()
    {
        using var scratch = new Scratch();
        for (var length = 16; length <= 1 << 22; length *= 2)
            for (var i = 0; i < 4; i++)
            {
                scratch.Take<byte>(length).AsSpan().Fill(0xAA);
                scratch.Take<short>(length).AsSpan().Fill(0x2AAA);
            }
    }

    [Test]
    public void Files_are_read_the_same_from_used_arrays()
    {
        foreach (var path in Directory.GetFiles(Path.Combine(GoldenFolder.Own, "images", "src")))
        {
            var file = File.ReadAllBytes(path);
            Picture picture;
            try
            {
                picture = Picture.Open(file).Convert("RGB");
            }
            catch (KerasException)
            {
                continue;
            }
            foreach (var resample in (int[])[0, 2, 3])
            {
                Soil();
                Assert.That(Small.Apply(file, do_convert_rgb: true, resample: resample).Stacked().Data, Is.EqualTo(Small.Apply(picture, resample: resample).Stacked().Data), $"{path} {resample}");
            }
        }
    }

    [Test]
    public void Signed_bytes_are_not_taken_for_bytes()
    {
        var samples = new sbyte[2, 2, 3];
        samples[1, 1, 2] = -1;
        Assert.That(Small.Apply(samples, do_resize: false, do_rescale: false, do_normalize: false).Stacked().ToDouble().Min(), Is.EqualTo(-1));
        Assert.That(() => Small.Apply(samples), Throws.InstanceOf<KerasException>());
    }

    [Test]
    public void Images_of_one_call_are_those_of_single_calls()
    {
        var (grey, colours, others) = (new Picture("L", 2, 2, [1, 2, 3, 4]), new Picture("RGB", 1, 2, [9, 8, 7, 6, 5, 4]), new Picture("RGB", 1, 1, [3, 2, 1]));
        var alike = Small.Apply([colours, others]);
        Assert.That(alike.Stacked().Data, Is.EqualTo((byte[])[.. Small.Apply(colours).Stacked().Data, .. Small.Apply(others).Stacked().Data]));
        var mixed = Small.Apply([colours, grey, others]);
        Assert.That(mixed.Hosts.Select(h => h.Shape), Is.EqualTo((Shape[])[new(3, 4, 6), new(1, 4, 6), new(3, 4, 6)]));
        Assert.That(mixed.Hosts.Select(h => h.Data), Is.EqualTo(((Picture[])[colours, grey, others]).Select(p => Small.Apply(p).Hosts[0].Data)));
        Assert.That(() => mixed.pixel_values, Throws.TypeOf<ShapeMismatchException>());
    }

    [Test]
    public void Huge_arrays_are_not_kept()
    {
        const int huge = (1 << 23) + 1;
        byte[] first, second;
        using (var scratch = new Scratch()) first = scratch.Take<byte>(huge);
        using (var scratch = new Scratch()) second = scratch.Take<byte>(huge);
        Assert.That(first, Has.Length.EqualTo(huge));
        Assert.That(second, Is.Not.SameAs(first));
    }
}
