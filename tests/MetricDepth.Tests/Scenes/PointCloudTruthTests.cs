using System.Buffers.Binary;
using System.Text;
using MetricDepth.Depth;
using MetricDepth.Export;
using MetricDepth.Geometry;
using MetricDepth.Scenes;
using MetricDepth.Scenes.Clips;
using MetricDepth.Scenes.Sets;

namespace MetricDepth.Tests.Scenes;

/// <summary>Point clouds of exact depth lie on the things they show.</summary>
public class PointCloudTruthTests
{
    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(160, 90, 63, null);

    [Fact]
    public void Points_lie_on_the_balls_and_the_floor_and_have_their_colours()
    {
        using var folder = new TempFolder();
        SceneClip.Run(new() { Scene = Scene.Floor, Destination = folder["clip.mkv"], Camera = Camera, Frames = 3, DepthPath = folder["depth.mkv"] },
            null, TestContext.Current.CancellationToken);
        var files = new List<FileInfo>();
        PointCloudExport.Run(new()
        {
            Depth = DepthVideoReader.Probe(folder["depth.mkv"], TestContext.Current.CancellationToken) with { ColorPath = folder["clip.mkv"] },
            DestinationPath = folder["points"],
            Every = 2,
        }, files.Add, null, TestContext.Current.CancellationToken);
        Assert.Equal(2, files.Count);

        var truth = Scene.Floor.Render(2, Camera);
        var toWorld = FloorSet.Camera(2 / 25.0);
        var points = ReadPly(files[1].FullName);
        Assert.Equal(160 * 90, points.Count);
        // one step of the depth code at 20 m is 0.31 mm along the ray, up to 1.25 times as much off its axis
        const double Step = 0.00031 * 1.25;
        int onFloor = 0, onBall = 0;
        foreach (var (p, color) in points)
        {
            int x = (int)Math.Round(p.X / p.Z * Camera.Fx + Camera.Cx), y = (int)Math.Round(p.Y / p.Z * Camera.Fy + Camera.Cy);
            Assert.Equal(truth.Color[x, y], color);
            var world = toWorld * p;
            string thing = Scene.Floor.Objects[truth.Objects[x, y]];
            if (thing == "ball 3")
            {
                Assert.Equal(0.42, (world - new Vector3(0.15, -0.42, 3.1)).Length, Step);
                onBall++;
            }
            else if (thing == "room" && y > 60)
            {
                Assert.Equal(0, world.Y, Step);
                onFloor++;
            }
        }
        Assert.True(onBall > 100 && onFloor > 1000, $"{onBall} on the ball, {onFloor} on the floor");
    }

    private static List<(Vector3 Point, uint Color)> ReadPly(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int start = file.AsSpan().IndexOf("end_header\n"u8) + 11;
        string header = Encoding.ASCII.GetString(file, 0, start);
        Assert.StartsWith("ply\nformat binary_little_endian 1.0\n", header);
        int count = int.Parse(header.Split('\n').First(l => l.StartsWith("element vertex ", StringComparison.Ordinal))[15..],
            System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(start + count * 15, file.Length);
        var points = new List<(Vector3, uint)>(count);
        for (int i = 0; i < count; i++)
        {
            var v = file.AsSpan(start + 15 * i, 15);
            points.Add((new(BinaryPrimitives.ReadSingleLittleEndian(v), BinaryPrimitives.ReadSingleLittleEndian(v[4..]), BinaryPrimitives.ReadSingleLittleEndian(v[8..])),
                (uint)(v[12] << 16 | v[13] << 8 | v[14])));
        }
        return points;
    }
}
