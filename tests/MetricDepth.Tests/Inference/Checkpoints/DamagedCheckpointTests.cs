using System.Diagnostics;
using System.Text;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Scenes.Checkpoints;

namespace MetricDepth.Tests.Inference.Checkpoints;

/// <summary>Downloads break off and bytes flip: the end is the weights or an error with a name, soon, and in little memory.</summary>
public sealed class DamagedCheckpointTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("x.pth")]
    [InlineData("x.safetensors")]
    public void A_file_that_breaks_off_anywhere_is_refused(string name)
    {
        byte[] whole = Small(name);
        for (int length = 0; length < whole.Length; length++)
        {
            var error = Try(whole.AsSpan(0, length));
            Assert.True(error is not null, $"{length} of {whole.Length} bytes pass for the whole");
            Assert.Contains(error.ErrorId, (string[])["CheckpointMalformed", "CheckpointUnknown"]);
        }
        Assert.Null(Try(whole));
    }

    [Theory]
    [InlineData("x.pth", 1)]
    [InlineData("x.safetensors", 2)]
    public void Flipped_bytes_end_in_weights_or_a_named_error(string name, int seed)
    {
        byte[] whole = Small(name);
        var random = new Random(seed);
        var errors = new HashSet<string>();
        var slowest = TimeSpan.Zero;
        for (int count = 0; count < 1500; count++)
        {
            byte[] bytes = [.. whole];
            for (int i = random.Next(1, 5); i > 0; i--)
            {
                int at = random.Next(bytes.Length);
                bytes[at] = random.Next(4) switch { 0 => 0xff, 1 => 0, 2 => (byte)(bytes[at] ^ 1 << random.Next(8)), _ => (byte)random.Next(256) };
            }
            if (random.Next(8) == 0) bytes = [.. bytes[..random.Next(bytes.Length)], .. bytes[random.Next(bytes.Length)..]];
            long start = Stopwatch.GetTimestamp();
            if (Try(bytes) is { } error) errors.Add(error.ErrorId);
            slowest = Stopwatch.GetElapsedTime(start) is var taken && taken > slowest ? taken : slowest;
        }
        Assert.True(slowest < TimeSpan.FromSeconds(5), $"{slowest}"); // it takes a millisecond, on a machine that does much else too
        Assert.Contains("CheckpointMalformed", errors);
        Assert.DoesNotContain(errors, id => !id.StartsWith("Checkpoint", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"v\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "overlaps")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "gap")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "end before")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", "does not fit")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[4611686018427387906],\"data_offsets\":[0,8]}}", "does not fit")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[-1,-2],\"data_offsets\":[0,8]}}", "does not fit")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4000000000]}}", "outside")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", "outside")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}", "outside")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "two tensors")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}}", "no type")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,8]}}", "JSON")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[[[[[[[[2]]]]]]]],\"data_offsets\":[0,8]}}", "JSON")]
    [InlineData("{\"w\":[]}", "JSON")]
    [InlineData("{\"\\ud800\":{}}", "JSON")]
    [InlineData("{} {}", "JSON")]
    public void Headers_of_safetensors_that_lie_are_refused(string header, string because)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        var error = Try([.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[8]]);
        Assert.Equal("CheckpointMalformed", error?.ErrorId);
        Assert.Contains(because, error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(100_000_000)]
    public void A_header_longer_than_the_file_is_refused(long length) =>
        Assert.Equal("CheckpointMalformed", Try([.. BitConverter.GetBytes(length), .. "{}"u8])?.ErrorId);

    [Fact]
    public void Numbers_of_a_kind_nobody_reads_here_are_named()
    {
        byte[] text = [.. "{\"w\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}}"u8];
        var error = Try([.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[8]]);
        Assert.Equal("CheckpointUnsupported", error?.ErrorId);
        Assert.Contains("F8_E4M3", error!.Message, StringComparison.Ordinal);
    }

    private byte[] Small(string name)
    {
        WeightsFile.Write(_folder[name],
        [
            new("a.weight", TensorElementType.Float32, [2, 3], (first, values) => values.Fill(first)),
            new("a.bias", TensorElementType.Float16, [2], (first, values) => values.Fill(1)),
        ]);
        return File.ReadAllBytes(_folder[name]);
    }

    // Anything but our own error is a failure of the test; so is an error that takes long or much memory to be found.
    private MetricDepthException? Try(ReadOnlySpan<byte> bytes)
    {
        string path = _folder["try"];
        File.WriteAllBytes(path, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var checkpoint = Checkpoint.Open(path);
            foreach (var tensor in checkpoint.Tensors.Values) checkpoint.Read(tensor, 0, new float[tensor.Count]);
            return null;
        }
        catch (MetricDepthException error)
        {
            return error;
        }
        finally
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 5_000_000, $"{allocated} bytes");
        }
    }
}
