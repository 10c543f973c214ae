namespace Keras.Layers;

// Layers that turn sound into spectrograms.
public sealed partial class LayersApi
{
    /// <inheritdoc cref="Layers.MelSpectrogram(int, int, int?, string, int, int, double, double?, bool, double, double, double, double, string, DTypePolicy)"/>
    public MelSpectrogram MelSpectrogram(int fft_length = 2048, int sequence_stride = 512, int? sequence_length = null, string? window = "hann", int sampling_rate = 16000, int num_mel_bins = 128,
        double min_freq = 20, double? max_freq = null, bool power_to_db = true, double top_db = 80, double mag_exp = 2, double min_power = 1e-10, double ref_power = 1, string? name = null, DTypePolicy? dtype = null) =>
        new(fft_length, sequence_stride, sequence_length, window, sampling_rate, num_mel_bins, min_freq, max_freq, power_to_db, top_db, mag_exp, min_power, ref_power, name, dtype);

    /// <inheritdoc cref="Layers.STFTSpectrogram(string, int, int?, int?, string, bool, string, string, bool, string, string, DTypePolicy, bool)"/>
    public STFTSpectrogram STFTSpectrogram(string mode = "log", int frame_length = 256, int? frame_step = null, int? fft_length = null, string? window = "hann", bool periodic = false,
        string? scaling = "density", string padding = "valid", bool expand_dims = false, string? data_format = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(mode, frame_length, frame_step, fft_length, window, periodic, scaling, padding, expand_dims, data_format, name, dtype, trainable);
}
