using MetricDepth.Geometry;
using MetricDepth.Scenes;
using MetricDepth.Scenes.Sets;

namespace MetricDepth.Tests.Scenes;

/// <summary>The scenes are the yardstick of other tests, so they are measured first, against geometry that needs no ray caster.</summary>
public class SceneTruthTests
{
    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(320, 180, 63, null);

    [Fact]
    public void Depth_of_the_floor_is_where_the_ray_meets_the_plane()
    {
        var frame = Scene.Floor.Render(10, Camera);
        var camera = FloorSet.Camera(10 / 25.0);
        int checkedPixels = 0;
        for (int y = 100; y < 180; y += 7)
            for (int x = 0; x < 320; x += 11)
            {
                if (Scene.Floor.Objects[frame.Objects[x, y]] != "room") continue;
                var ray = camera.Rotation * new Vector3((x - Camera.Cx) / Camera.Fx, (y - Camera.Cy) / Camera.Fy, 1);
                // the floor is the plane y = 0; float has seven digits
                Assert.Equal(-camera.Translation.Y / ray.Y, frame.Depth[x, y], 1e-5);
                checkedPixels++;
            }
        Assert.True(checkedPixels > 100);
    }

    [Fact]
    public void A_ball_has_its_radius_everywhere()
    {
        var frame = Scene.Floor.Render(0, Camera);
        var camera = FloorSet.Camera(0);
        int ball = Scene.Floor.Objects.ToList().IndexOf("ball 3"), count = 0;
        for (int y = 0; y < 180; y++)
            for (int x = 0; x < 320; x++)
            {
                if (frame.Objects[x, y] != ball) continue;
                double z = frame.Depth[x, y];
                var p = camera * new Vector3((x - Camera.Cx) / Camera.Fx * z, (y - Camera.Cy) / Camera.Fy * z, z);
                Assert.Equal(0.42, (p - new Vector3(0.15, -0.42, 3.1)).Length, 1e-5);
                count++;
            }
        Assert.True(count > 500);
    }

    [Theory]
    [InlineData("Floor", 0, 8, 0.0, 36)]
    [InlineData("Poles", 0, 10, 0.0, 36)]
    [InlineData("Floor", 5, 5, 0.063, 36)]
    [InlineData("Poles", 5, 5, 0.063, 36)]
    public void Depth_and_pose_carry_one_view_onto_another(string name, int from, int to, double eyeOffset, double atLeast)
    {
        var scene = name == "Floor" ? Scene.Floor : Scene.Poles;
        var a = scene.Render(from, Camera);
        var b = scene.Render(to, Camera, eyeOffset);
        var bToA = a.Pose.Inverse * b.Pose;
        var score = new PsnrSum();
        for (int y = 0; y < 180; y++)
            for (int x = 0; x < 320; x++)
            {
                if (!Picture.IsInside(b.Depth, x, y)) continue;
                double z = b.Depth[x, y];
                var p = bToA * new Vector3((x - Camera.Cx) / Camera.Fx * z, (y - Camera.Cy) / Camera.Fy * z, z);
                double u = Camera.Fx * p.X / p.Z + Camera.Cx, v = Camera.Fy * p.Y / p.Z + Camera.Cy;
                if (!Picture.IsInside(a.Depth, u, v) || Math.Abs(a.Depth[(int)Math.Round(u), (int)Math.Round(v)] - p.Z) > 0.02 * p.Z) continue;
                score.Add(Picture.At(a.Color, u, v), Picture.At(b.Color, x, y));
            }
        TestContext.Current.SendDiagnosticMessage("{0} {1} {2}: {3:0.0} dB over {4} pixels", name, from, to, score.Psnr, score.Pixels);
        Assert.True(score.Pixels > 0.6 * 320 * 180, $"only {score.Pixels} pixels are seen in both");
        // bilinear sampling blurs the finest texture; geometry that is wrong by half a pixel costs ten decibels
        Assert.True(score.Psnr > atLeast, $"{score.Psnr:0.0} dB");
    }

    [Fact]
    public void The_right_eye_sees_everything_shifted_by_its_disparity()
    {
        var left = Scene.Poles.Render(3, Camera);
        var right = Scene.Poles.Render(3, Camera, 0.063);
        int compared = 0;
        for (int y = 0; y < 180; y += 3)
            for (int x = 0; x < 320; x++)
            {
                double u = x - Camera.Fx * 0.063 / left.Depth[x, y];
                if (!Picture.IsInside(left.Depth, x, y) || !Picture.IsInside(right.Depth, u, y)) continue;
                if (left.Objects[x, y] != right.Objects[(int)Math.Round(u), y]) continue; // hidden by a pole
                float a = right.Depth[(int)u, y], b = right.Depth[(int)u + 1, y];
                // parallel eyes: the depth stays, on a straight surface between two pixels up to its bend
                Assert.Equal(left.Depth[x, y], a + (b - a) * (u - (int)u), 0.004 * left.Depth[x, y]);
                compared++;
            }
        Assert.True(compared > 10000);
    }

    [Fact]
    public void Pictures_do_not_depend_on_the_number_of_threads()
    {
        var one = Scene.Floor.Render(4, Camera, threads: 1);
        var four = Scene.Floor.Render(4, Camera, threads: 4);
        Assert.Equal(one.Color.Data, four.Color.Data);
        Assert.Equal(one.Depth.Data, four.Depth.Data);
        Assert.Equal(one.Objects.Data, four.Objects.Data);
    }

    [Fact]
    public void Pictures_do_not_alias()
    {
        var small = Scene.Poles.Render(0, Camera);
        var large = Scene.Poles.Render(0, Camera.Resized(1280, 720));
        var score = new PsnrSum();
        for (int y = 0; y < 180; y++)
            for (int x = 0; x < 320; x++)
            {
                double b = 0, g = 0, r = 0;
                for (int i = 0; i < 16; i++)
                {
                    uint p = large.Color[4 * x + (i & 3), 4 * y + (i >> 2)];
                    (b, g, r) = (b + (p & 255) / 16.0, g + (p >> 8 & 255) / 16.0, r + (p >> 16 & 255) / 16.0);
                }
                score.Add((b, g, r), Picture.At(small.Color, x, y));
            }
        TestContext.Current.SendDiagnosticMessage("against 4x supersampling: {0:0.0} dB", score.Psnr);
        // one sample a pixel without filtering stays below 25 dB on this brickwork
        Assert.True(score.Psnr > 30, $"{score.Psnr:0.0} dB");
    }

    [Fact]
    public void Tracks_stay_on_their_surface_and_know_when_they_are_hidden()
    {
        const int Frames = 30;
        var tracks = Scene.Poles.Track(Frames, Camera, 12);
        Assert.True(tracks.Count > 200);
        var last = Scene.Poles.Render(Frames - 1, Camera);
        int hidden = 0, seen = 0;
        for (int i = 0; i < tracks.Count; i++)
        {
            Assert.True(tracks[0, i].Visible);
            var p = tracks[Frames - 1, i];
            if (p.X < 1 || p.Y < 1 || p.X > 318 || p.Y > 178) continue;
            if (!p.Visible) hidden++;
            else if (Picture.IsInside(last.Depth, p.X, p.Y))
            {
                // between pixel centres a slanted floor's depth differs by up to a pixel's worth
                Assert.Equal(p.Depth, last.Depth[(int)Math.Round(p.X), (int)Math.Round(p.Y)], 0.02 * p.Depth);
                seen++;
            }
        }
        Assert.True(seen > 150);
        Assert.InRange(hidden, 3, 80);
    }

    [Fact]
    public void The_runner_crosses_the_floor_and_its_mask_and_tracks_go_with_it()
    {
        int runner = Scene.Runner.Objects.ToList().IndexOf("runner");
        var still = Scene.Runner.WithCamera("still", _ => FloorSet.Camera(0));
        double[] middle = new double[2];
        for (int k = 0; k < 2; k++)
        {
            var frame = still.Render(25 * k, Camera);
            long sum = 0, count = 0;
            for (int y = 0; y < 180; y++)
                for (int x = 0; x < 320; x++)
                    if (frame.Objects[x, y] == runner)
                    {
                        sum += x;
                        count++;
                    }
            Assert.True(count > 300);
            middle[k] = (double)sum / count;
        }
        // 0.8 m at about 3 m; other balls hide it in part, which moves the middle of what is seen
        Assert.InRange(middle[1] - middle[0], 0.6 * Camera.Fx * 0.8 / 3, 1.5 * Camera.Fx * 0.8 / 3);
        var tracks = still.Track(26, Camera, 6);
        var moves = Enumerable.Range(0, tracks.Count).Select(i => tracks[25, i].X - tracks[0, i].X).Order().ToArray();
        Assert.Equal(0, moves[tracks.Count / 2], 1e-9);
        Assert.True(moves[^1] > 30);
    }

    [Fact]
    public void Turning_has_no_parallax_and_the_still_camera_no_motion()
    {
        Assert.All(Scene.Turning.Path(20).Poses, p => Assert.True(p.Translation.Length < 1e-12));
        Assert.Equal(10 * Math.PI / 180, Scene.Turning.PoseOf(25).Rotation.Angle, 1e-9);
        Assert.All(Scene.Still.Path(20).Poses, p => Assert.True(p.Translation.Length + p.Rotation.Angle < 1e-6));
    }

    [Fact]
    public void The_walk_moves_enough_for_parallax_and_stays_in_the_room()
    {
        var poses = Enumerable.Range(0, 25 * 40).Select(i => RoomSet.Camera(i / 25.0)).ToArray();
        Assert.All(poses, p =>
        {
            Assert.InRange(p.Translation.X, -1.5, 1.5);
            Assert.InRange(p.Translation.Z, -0.8, 1.4);
        });
        var first = poses[..100];
        Assert.True((first[99].Translation - first[0].Translation).Length > 0.8);
        for (int i = 1; i < poses.Length; i++) Assert.True((poses[i].Translation - poses[i - 1].Translation).Length < 0.04);
    }
}
