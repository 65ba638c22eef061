using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using MetricDepth.Geometry;

namespace MetricDepth.Export.Cameras.Readers;

/// <summary>COLMAP's binary files (images.bin, cameras.bin): little-endian, counts first.</summary>
internal static class ColmapBinary
{
    private const int LongestName = 4096;
    private const int PointBytes = 24;

    // number, quaternion and translation, camera, an empty name's end, the count of points
    private const int LeastImageBytes = 4 + 7 * 8 + 4 + 1 + 8;

    // number, model, width, height, three parameters
    private const int LeastCameraBytes = 4 + 4 + 8 + 8 + 3 * 8;

    public static List<ColmapImage> ReadImages(string path, CancellationToken cancellation)
    {
        using var file = File.OpenRead(path);
        long count = ReadCount(file, path, LeastImageBytes);
        if (count > CameraTrajectory.MostPoses) throw CameraFileProblem.Malformed(path, $"it holds more than {CameraTrajectory.MostPoses} pictures");
        var images = new List<ColmapImage>();
        var ids = new HashSet<uint>();
        Span<byte> head = stackalloc byte[4 + 7 * 8 + 4];
        Span<byte> number = stackalloc byte[8];
        Span<double> v = stackalloc double[7];
        for (long i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Fill(file, head, path);
            for (int j = 0; j < v.Length; j++)
            {
                v[j] = BinaryPrimitives.ReadDoubleLittleEndian(head[(4 + 8 * j)..]);
                if (!(Math.Abs(v[j]) <= 1e15)) throw At(path, i, "it has a pose that is no number");
            }
            if (!RigidMotion.TryFromQuaternion(v[0], v[1], v[2], v[3], new(v[4], v[5], v[6]), out var pose)) throw At(path, i, "the quaternion has no length");
            if (!ids.Add(BinaryPrimitives.ReadUInt32LittleEndian(head))) throw At(path, i, "its number is there already");
            images.Add(new(pose, BinaryPrimitives.ReadUInt32LittleEndian(head[60..]), ReadName(file, path, i)));
            Fill(file, number, path);
            ulong points = BinaryPrimitives.ReadUInt64LittleEndian(number);
            if (points > (ulong)(file.Length - file.Position) / PointBytes) throw At(path, i, string.Create(CultureInfo.InvariantCulture, $"it claims {points} points, and the file ends before"));
            file.Seek((long)points * PointBytes, SeekOrigin.Current);
        }
        return images;
    }

    public static Intrinsics? ReadCamera(string path, long wanted, out bool isDistorted)
    {
        isDistorted = false;
        using var file = File.OpenRead(path);
        long count = ReadCount(file, path, LeastCameraBytes);
        Span<byte> head = stackalloc byte[4 + 4 + 8 + 8];
        Span<byte> bytes = stackalloc byte[8 * ColmapCameraModel.MostParameters];
        Span<double> values = stackalloc double[ColmapCameraModel.MostParameters];
        for (long i = 0; i < count; i++)
        {
            Fill(file, head, path);
            uint model = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            if (model >= ColmapCameraModel.All.Count) throw CameraFileProblem.Malformed(path, string.Create(CultureInfo.InvariantCulture, $"camera {i} has the unknown model {model}"));
            var kind = ColmapCameraModel.All[(int)model];
            Fill(file, bytes[..(8 * kind.ParameterCount)], path);
            if (BinaryPrimitives.ReadUInt32LittleEndian(head) != wanted) continue;
            for (int j = 0; j < kind.ParameterCount; j++)
            {
                values[j] = BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * j)..]);
                if (!(Math.Abs(values[j]) <= 1e15)) throw CameraFileProblem.Malformed(path, string.Create(CultureInfo.InvariantCulture, $"camera {i} has a parameter that is no number"));
            }
            return kind.Pinhole(BinaryPrimitives.ReadUInt64LittleEndian(head[8..]), BinaryPrimitives.ReadUInt64LittleEndian(head[16..]), values, out isDistorted)
                ?? throw CameraFileProblem.Malformed(path, string.Create(CultureInfo.InvariantCulture, $"camera {i} has no size or no focal length"));
        }
        return null;
    }

    private static long ReadCount(FileStream file, string path, int leastBytes)
    {
        Span<byte> number = stackalloc byte[8];
        Fill(file, number, path);
        ulong count = BinaryPrimitives.ReadUInt64LittleEndian(number);
        return count <= (ulong)(file.Length / leastBytes) ? (long)count
            : throw CameraFileProblem.Malformed(path, string.Create(CultureInfo.InvariantCulture, $"it claims {count} entries, and is too short for them"));
    }

    private static string ReadName(FileStream file, string path, long image)
    {
        var name = new List<byte>(64);
        for (int b; (b = file.ReadByte()) != 0;)
        {
            if (b < 0) throw Ends(path);
            if (name.Count == LongestName) throw At(path, image, $"its name is longer than {LongestName} bytes");
            name.Add((byte)b);
        }
        return Encoding.UTF8.GetString([.. name]);
    }

    private static void Fill(FileStream file, Span<byte> bytes, string path)
    {
        if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw Ends(path);
    }

    private static MetricDepthException Ends(string path) => CameraFileProblem.Malformed(path, "the file ends too early");

    private static MetricDepthException At(string path, long image, string why) =>
        CameraFileProblem.Malformed(path, string.Create(CultureInfo.InvariantCulture, $"picture {image} of the file: {why}"));
}
