using System.Buffers.Binary;
using MetricDepth.Scenes.Sets;
using MetricDepth.Scenes.Shading;

namespace MetricDepth.Scenes.Clips;

/// <summary>What one hears on the walk: steps on floorboards, in time with the picture, and a soft marimba.</summary>
internal static class WalkSound
{
    private const int SampleRate = 48000;

    /// <summary>Writes 16-bit stereo PCM as a WAV file.</summary>
    public static void Write(string path, double seconds)
    {
        int samples = (int)Math.Ceiling(seconds * SampleRate);
        var left = new float[samples];
        var right = new float[samples];
        // D major pentatonic, one note a step
        double[] tune = [293.66, 440, 369.99, 587.33, 493.88, 440, 329.63, 369.99];
        double beat = 1 / HandHeld.StepsPerSecond;
        for (int i = 0; i * beat < seconds; i++)
        {
            Step(left, right, i * beat, i);
            Note(left, right, i * beat, tune[i % tune.Length], 0.16f, i % 2 == 0 ? 0.35f : 0.65f);
            if (i % 4 == 0) Note(left, right, i * beat, tune[i % tune.Length] / 2, 0.13f, 0.5f);
        }
        var file = new byte[44 + samples * 4];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), 2);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), SampleRate * 4);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(32), 4);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), 16);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), samples * 4);
        for (int i = 0; i < samples; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(44 + 4 * i), Code(left[i]));
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(46 + 4 * i), Code(right[i]));
        }
        File.WriteAllBytes(path, file);
    }

    private static short Code(float v) => (short)Math.Round(32767 * Math.Tanh(v));

    /// <summary>A struck bar: the fundamental and its first overtone, two octaves up, which dies away sooner.</summary>
    private static void Note(float[] left, float[] right, double at, double hertz, float strength, float pan)
    {
        int first = (int)(at * SampleRate), count = Math.Min(left.Length - first, SampleRate * 2);
        for (int i = 0; i < count; i++)
        {
            double t = i / (double)SampleRate, attack = Math.Min(1, t * 250), phase = 2 * Math.PI * hertz * t;
            float v = strength * (float)(attack * (Math.Sin(phase) * Math.Exp(-3.2 * t) + 0.25 * Math.Sin(4 * phase) * Math.Exp(-11 * t)));
            left[first + i] += v * (1 - pan);
            right[first + i] += v * pan;
        }
    }

    /// <summary>A step: a low thud and a short scuff, left foot and right foot in turn.</summary>
    private static void Step(float[] left, float[] right, double at, int number)
    {
        int first = (int)(at * SampleRate), count = Math.Min(left.Length - first, SampleRate / 4);
        float pan = number % 2 == 0 ? 0.4f : 0.6f, smooth = 0;
        for (int i = 0; i < count; i++)
        {
            double t = i / (double)SampleRate;
            smooth += 0.12f * (2 * Noise.Hash(i, number, 77) - 1 - smooth);
            float v = (float)(0.22 * Math.Sin(2 * Math.PI * (62 + 40 * Math.Exp(-30 * t)) * t) * Math.Exp(-24 * t) + 0.3 * smooth * Math.Exp(-38 * t));
            left[first + i] += v * (1 - pan);
            right[first + i] += v * pan;
        }
    }
}
