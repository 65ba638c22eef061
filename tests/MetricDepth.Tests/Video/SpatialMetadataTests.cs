using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using MetricDepth.Video;

namespace MetricDepth.Tests.Video;

/// <summary>What players are told of two eyes in a picture, read back with ffprobe and with a walk through the file's boxes of the test's own.</summary>
public class SpatialMetadataTests
{
    private const int Width = 64, Height = 32, Frames = 8;

    [Theory]
    [InlineData(StereoPacking.LeftRight, "left_right", 1, "side by side")]
    [InlineData(StereoPacking.RightLeft, "right_left", 11, "side by side")]
    [InlineData(StereoPacking.TopBottom, "top_bottom", 3, "top and bottom")]
    [InlineData(StereoPacking.RowInterleaved, "row_interleaved_lr", 7, "interleaved lines")]
    [InlineData(StereoPacking.ColumnInterleaved, "col_interleaved_lr", 9, "interleaved columns")]
    [InlineData(StereoPacking.Checkerboard, "checkerboard_lr", 5, "checkerboard")]
    [InlineData(StereoPacking.Anaglyph, "anaglyph_cyan_red", 10, null)]
    public void Matroska_names_the_packing(StereoPacking packing, string mode, int value, string? sideData)
    {
        using var folder = new TempFolder();
        var file = Write(folder["a.mkv"], new() { Width = Width, Height = Height, FrameRate = new(25), Packing = packing });
        var stream = Probe(file);
        Assert.Equal(mode, stream.GetProperty("tags").GetProperty("stereo_mode").GetString());
        var bytes = File.ReadAllBytes(file);
        int at = bytes.AsSpan().IndexOf<byte>([0x53, 0xB8, 0x81]);
        Assert.Equal(value, bytes[at + 3]);
        if (sideData is not null) Assert.Equal(sideData, SideData(stream, "Stereo 3D")!.Value.GetProperty("type").GetString());
        // the reserved name of the track is gone, and every frame is still there
        Assert.DoesNotContain("-----", Encoding.Latin1.GetString(bytes, 0, 2000), StringComparison.Ordinal);
        Assert.Equal(Frames, CountFrames(file));
    }

    [Fact]
    public void Matroska_says_that_each_eye_is_a_half_sphere()
    {
        using var folder = new TempFolder();
        foreach (var codec in (VideoCodec[])[VideoCodec.Lossless, VideoCodec.H264])
        {
            string file = Write(folder[$"{codec}.mkv"],
                new() { Width = Width, Height = Height, FrameRate = new(25), Codec = codec, Packing = StereoPacking.LeftRight, Projection = SpatialProjection.Equirectangular180 });
            var stream = Probe(file);
            Assert.Equal("left_right", stream.GetProperty("tags").GetProperty("stereo_mode").GetString());
            AssertHalfSphere(stream);
            Assert.Equal(Frames, CountFrames(file));
        }
    }

    [Theory]
    [InlineData("a.mp4", VideoCodec.H264, StereoPacking.LeftRight, 2)]
    [InlineData("a.mp4", VideoCodec.H264, StereoPacking.TopBottom, 1)]
    [InlineData("a.mp4", VideoCodec.H264, StereoPacking.RightLeft, 4)]
    [InlineData("a.mov", VideoCodec.H264, StereoPacking.LeftRight, 2)]
    [InlineData("a.mp4", VideoCodec.Hevc, StereoPacking.LeftRight, 2)]
    public void Mp4_has_the_stereo_box_in_its_sample_entry_and_its_index_in_front(string name, VideoCodec codec, StereoPacking packing, byte mode)
    {
        using var folder = new TempFolder();
        string file = Write(folder[name], new() { Width = Width, Height = Height, FrameRate = new(25), Codec = codec, Packing = packing });
        var bytes = File.ReadAllBytes(file);
        Assert.Equal(["ftyp", "moov", "mdat"], Boxes(bytes, 0, bytes.Length).Select(b => b.Type).Where(t => t != "free" && t != "wide"));
        var st3d = Assert.Single(SampleEntryBoxes(bytes), b => b.Type == "st3d");
        Assert.Equal([0, 0, 0, 0, mode], bytes[(st3d.Start + 8)..st3d.End]);
        if (packing != StereoPacking.RightLeft) // ffprobe 5 has no word for it
            Assert.Equal(mode == 1 ? "top and bottom" : "side by side", SideData(Probe(file), "Stereo 3D")!.Value.GetProperty("type").GetString());
        Assert.Equal(Frames, CountFrames(file));
    }

    [Fact]
    public void Mp4_for_headsets_says_half_sphere_and_keeps_its_sound_in_place()
    {
        using var folder = new TempFolder();
        var clip = VideoProbe.Probe(TestClip.Make(folder["sound.mp4"], Width, Height, Frames / 25.0, sound: true), TestContext.Current.CancellationToken);
        string file = Write(folder["vr.mp4"], new()
        {
            Width = Width,
            Height = Height,
            FrameRate = new(25),
            Codec = VideoCodec.H264,
            AudioFrom = clip,
            Packing = StereoPacking.LeftRight,
            Projection = SpatialProjection.Equirectangular180,
        });
        AssertHalfSphere(Probe(file));
        var bytes = File.ReadAllBytes(file);
        Assert.Contains(SampleEntryBoxes(bytes), b => b.Type == "st3d");
        var sv3d = SampleEntryBoxes(bytes).Single(b => b.Type == "sv3d");
        var inside = Boxes(bytes, sv3d.Start + 8, sv3d.End);
        Assert.Equal(["svhd", "proj"], inside.Select(b => b.Type));
        Assert.Equal(["prhd", "equi"], Boxes(bytes, inside[1].Start + 8, inside[1].End).Select(b => b.Type));
        // decoding every picture and every sound without a complaint proves that the chunk offsets moved with the data
        Assert.Equal("", Decode(file));
        Assert.Equal(Frames, CountFrames(file));
    }

    [Fact]
    public void Televisions_find_the_packing_in_the_H264_stream_itself()
    {
        using var folder = new TempFolder();
        string file = Write(folder["a.mp4"], new() { Width = Width, Height = Height, FrameRate = new(25), Codec = VideoCodec.H264, Packing = StereoPacking.TopBottom });
        using var frames = Json("-show_frames", "-read_intervals", "%+#1", file);
        Assert.Contains(frames.RootElement.GetProperty("frames")[0].GetProperty("side_data_list").EnumerateArray(),
            d => d.GetProperty("side_data_type").GetString() == "Stereo 3D");
    }

    [Fact]
    public void Chunk_offsets_beyond_four_gigabytes_get_eight_bytes()
    {
        uint near = uint.MaxValue - 10;
        byte[] stco = Box("stco", [0, 0, 0, 0, 0, 0, 0, 2, .. Big(near), .. Big(48)]);
        byte[] entry = Box("avc1", [.. new byte[78], .. Box("avcC", [1])]);
        byte[] stbl = Box("stbl", [.. Box("stsd", [0, 0, 0, 0, 0, 0, 0, 1, .. entry]), .. stco]);
        byte[] moov = Box("moov", Box("trak", Box("mdia", [.. Box("hdlr", [.. new byte[8], .. "vide"u8, .. new byte[13]]), .. Box("minf", stbl)])));
        byte[] addition = Box("st3d", [0, 0, 0, 0, 2]);
        var narrow = new Mp4Index(addition, 100, wide: false);
        narrow.Rewrite(moov);
        Assert.True(narrow.Overflows);
        var wide = new Mp4Index(addition, 100, wide: true);
        byte[] made = wide.Rewrite(moov)!;
        Assert.True(wide.IsAdded);
        Assert.False(wide.Overflows);
        Assert.Equal(moov.Length + addition.Length + 8, made.Length);
        int at = made.AsSpan().IndexOf("co64"u8) + 12;
        Assert.Equal([near + 100L, 148L], new[] { BinaryPrimitives.ReadInt64BigEndian(made.AsSpan(at)), BinaryPrimitives.ReadInt64BigEndian(made.AsSpan(at + 8)) });
    }

    [Fact]
    public void A_damaged_file_is_refused_by_name_and_never_read_beyond_its_end()
    {
        using var folder = new TempFolder();
        TestClip.Ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x32:rate=25:duration=0.2", "-c:v", "libx264", "-pix_fmt", "yuv420p", folder["good.mp4"]);
        byte[] good = File.ReadAllBytes(folder["good.mp4"]);
        int moov = good.AsSpan().IndexOf("moov"u8) - 4;
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 300; i++)
        {
            byte[] bad = [.. good];
            if (i % 3 == 0) Array.Resize(ref bad, random.Next(good.Length));
            else for (int n = 0; n < 4; n++) bad[moov + random.Next(good.Length - moov)] = (byte)random.Next(256);
            File.WriteAllBytes(folder["bad.mp4"], bad);
            try
            {
                Mp4FastStart.MoveIndexToFront(folder["bad.mp4"], Mp4SpatialBoxes.Make(StereoPacking.LeftRight, default), CancellationToken.None);
            }
            catch (MetricDepthException e) when (e.ErrorId == "Mp4Malformed")
            {
                refused++;
            }
        }
        Assert.InRange(refused, 100, 300);
        foreach (byte[] bad in (byte[][])[[], [1], good[..100], new byte[2000]])
        {
            File.WriteAllBytes(folder["bad.mkv"], bad);
            Assert.Equal("StereoMetadataNotWritten", Assert.Throws<MetricDepthException>(() =>
                MatroskaVideoTrack.Put(folder["bad.mkv"], StereoPacking.Anaglyph, default)).ErrorId);
        }
    }

    private static void AssertHalfSphere(JsonElement stream)
    {
        var spherical = SideData(stream, "Spherical Mapping")!.Value;
        Assert.Equal("tiled equirectangular", spherical.GetProperty("projection").GetString());
        // of the full sphere's 360 by 180 degrees a quarter is cropped at the left and the right
        foreach (var (side, share) in ((string, double)[])[("left", 0.25), ("right", 0.25), ("top", 0), ("bottom", 0)])
            // ffprobe turns the shares into whole pixels of a sphere whose width it has rounded down
            Assert.Equal(share * (side is "left" or "right" ? 2 * Width : Height), spherical.GetProperty("bound_" + side).GetDouble(), 1.0);
        Assert.Equal("side by side", SideData(stream, "Stereo 3D")!.Value.GetProperty("type").GetString());
    }

    private static string Write(string path, FrameWriterOptions options)
    {
        using var writer = FrameWriter.Open(path, options, TestContext.Current.CancellationToken);
        var frame = new byte[options.Width * options.Height * 4];
        var random = new Random(1);
        for (int i = 0; i < Frames; i++)
        {
            random.NextBytes(frame);
            writer.Write(frame);
        }
        var clip = writer.Complete();
        Assert.Equal((options.Width, options.Height, (long)Frames), (clip.Width, clip.Height, clip.FrameCount));
        return clip.Path;
    }

    private static JsonElement? SideData(JsonElement stream, string type)
    {
        foreach (var data in stream.GetProperty("side_data_list").EnumerateArray())
            if (data.GetProperty("side_data_type").GetString() == type) return data;
        return null;
    }

    private static JsonElement Probe(string path)
    {
        using var json = Json("-show_streams", "-select_streams", "v:0", path);
        return json.RootElement.GetProperty("streams")[0].Clone();
    }

    private static long CountFrames(string path)
    {
        using var json = Json("-count_packets", "-show_streams", "-select_streams", "v:0", path);
        Assert.Equal("", Decode(path));
        return long.Parse(json.RootElement.GetProperty("streams")[0].GetProperty("nb_read_packets").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static JsonDocument Json(params string[] arguments) => JsonDocument.Parse(Output(FfmpegProgram.Ffprobe, ["-v", "error", "-of", "json", .. arguments]).Output);

    private static string Decode(string path) => Output(FfmpegProgram.Ffmpeg, ["-v", "error", "-i", path, "-f", "null", "-"]).Error;

    private static (string Output, string Error) Output(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, errors.Result);
    }

    private static List<(string Type, int Start, int End)> Boxes(byte[] bytes, int start, int end)
    {
        List<(string, int, int)> boxes = [];
        for (; start < end; start += BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(start)))
            boxes.Add((Encoding.Latin1.GetString(bytes, start + 4, 4), start, start + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(start))));
        return boxes;
    }

    // moov/trak/mdia/minf/stbl/stsd, the first entry, behind its 78 bytes of fields
    private static List<(string Type, int Start, int End)> SampleEntryBoxes(byte[] bytes)
    {
        var (start, end) = (0, bytes.Length);
        foreach (string type in (string[])["moov", "trak", "mdia", "minf", "stbl", "stsd"])
        {
            var box = Boxes(bytes, start, end).First(b => b.Type == type);
            (start, end) = (box.Start + 8, box.End);
        }
        var entry = Boxes(bytes, start + 8, end)[0];
        return Boxes(bytes, entry.Start + 8 + 78, entry.End);
    }

    private static byte[] Box(string type, ReadOnlySpan<byte> data) => [.. Big((uint)(8 + data.Length)), .. Encoding.Latin1.GetBytes(type), .. data];

    private static byte[] Big(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
