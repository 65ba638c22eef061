using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Motion;
using MetricDepth.Scenes;
using MetricDepth.Tracking;
using MetricDepth.Video;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Tests.Motion;

public sealed class RealClipTests
{
    [Fact]
    public void A_hand_held_walk_through_a_kitchen_keeps_the_sensors_scale()
    {
        var clip = VideoProbe.Probe(DataFile.Require("room/color.mp4"), TestContext.Current.CancellationToken);
        var motion = SolveKeepingTracks(clip, 62.7, out var tracks);
        Assert.Equal(300, motion.Poses.Count);
        Assert.True(motion.ReprojectionError < 1.0, $"{motion.ReprojectionError} px");

        // KinectFusion's own path wanders: depths triangulated with it differ from the sensor's by up to a third around frame 180,
        // and image pairs contradict its rotations by degrees. So it can bear witness only to the decimetre.
        var path = Trajectory.Compare(motion.Poses, CameraPath.Load(DataFile.Require("room/poses.json")).Poses);
        Assert.True(path.Error < 0.10, $"centres off by {path.Error} m");

        // the depth camera is the better witness: one factor must bring all frames' triangulated depths to it
        var ratios = SensorRatios(tracks, motion, every: 30);
        double clipScale = ratios.Order().ElementAt(ratios.Count / 2);
        Assert.All(ratios, r => Assert.InRange(r / clipScale, 0.85, 1.15));
    }

    [Fact]
    public void The_field_of_view_of_the_kitchen_camera_is_found()
    {
        var clip = VideoProbe.Probe(DataFile.Require("room/color.mp4"), TestContext.Current.CancellationToken);
        var motion = CameraSolver.Run(new() { Clip = clip, MaxFrames = 120 }, null, TestContext.Current.CancellationToken);
        Assert.True(motion.FieldOfViewEstimated);
        Assert.Equal(62.7, motion.Intrinsics.HorizontalFov, 5.0);
    }

    [Theory]
    [InlineData("clips/rollercoaster.mp4", null)]
    [InlineData("clips/bear.mp4", null)]
    [InlineData("clips/bear.mp4", 63.0)]
    public void A_camera_on_the_spot_is_refused(string path, double? fov)
    {
        var clip = VideoProbe.Probe(DataFile.Require(path), TestContext.Current.CancellationToken);
        var failure = Assert.Throws<MetricDepthException>(() => CameraSolver.Run(new() { Clip = clip, HorizontalFov = fov, WorkingSize = 480 }, null, TestContext.Current.CancellationToken));
        Assert.Equal("InsufficientParallax", failure.ErrorId);
    }

    private static CameraMotion SolveKeepingTracks(VideoClip clip, double fov, out List<TrackedFrame> tracks)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var color = FrameReader.Open(clip, new() { Layout = PixelLayout.Gray8 }, cancellation);
        var tracker = new PointTracker(clip.Width, clip.Height, new());
        var solver = new ClipSolver(new() { Clip = clip, HorizontalFov = fov }, clip.Width, clip.Height, clip.FrameRate.Value, null, cancellation);
        var gray = new byte[color.FrameBytes];
        tracks = [];
        while (color.Read(gray))
        {
            tracks.Add(tracker.Next(gray));
            solver.Add(tracks[^1]);
        }
        return solver.Finish();
    }

    // median of triangulated over sensed depth, for some frames
    private static List<double> SensorRatios(List<TrackedFrame> tracks, CameraMotion motion, int every)
    {
        const int reach = 24;
        var camera = new Camera(motion.Intrinsics);
        var sensor = new List<Plane<ushort>?>();
        var clip = VideoProbe.Probe(DataFile.Require("room/depth-mm.mkv"), TestContext.Current.CancellationToken);
        using (var depth = FrameReader.Open(clip, new() { Layout = PixelLayout.Gray16 }, TestContext.Current.CancellationToken))
            for (int f = 0; f < tracks.Count; f++)
            {
                var plane = new Plane<ushort>(clip.Width, clip.Height);
                Assert.True(depth.Read(plane.Bytes));
                sensor.Add(f % every == 0 ? plane : null);
            }
        var ratios = new List<double>();
        for (int f = 0; f < tracks.Count; f += every)
        {
            var frame = new List<double>();
            for (int i = 0; i < tracks[f].Ids.Length; i++)
            {
                var pixel = tracks[f].Points[i];
                double sensed = sensor[f]![(int)MathF.Round(pixel.X), (int)MathF.Round(pixel.Y)] / 1000.0;
                if (sensed > 0 && Triangulate(tracks, motion.Poses, camera, f, tracks[f].Ids[i], reach) is { } z) frame.Add(z / sensed);
            }
            frame.Sort();
            Assert.True(frame.Count > 20, $"frame {f}: {frame.Count} points");
            ratios.Add(frame[frame.Count / 2]);
        }
        return ratios;
    }

    // the depth whose point comes nearest to all the viewing rays
    private static double? Triangulate(List<TrackedFrame> tracks, IReadOnlyList<Pose> poses, Camera camera, int frame, int id, int reach)
    {
        double a = 0, b = 0;
        int seen = 0;
        var ray = poses[frame].Rotation * camera.Ray(tracks[frame].Points[tracks[frame].IndexOf(id)]);
        for (int g = Math.Max(0, frame - reach); g < Math.Min(tracks.Count, frame + reach); g += 2)
        {
            int at = tracks[g].IndexOf(id);
            if (at < 0 || g == frame) continue;
            var other = (poses[g].Rotation * camera.Ray(tracks[g].Points[at])).Normalized;
            // distance from origin + z·ray to the other ray: only what is across it counts
            var across = ray - other * Vector3.Dot(ray, other);
            var offset = poses[frame].Translation - poses[g].Translation;
            a += Vector3.Dot(across, across);
            b -= Vector3.Dot(across, offset - other * Vector3.Dot(offset, other));
            seen++;
        }
        return seen >= 6 && a > 1e-4 && b > 0 ? b / a : null;
    }
}
