using MetricDepth.Geometry;
using MetricDepth.Rendering;

namespace MetricDepth.Tests.Rendering;

/// <summary>What a viewer of a motion would notice: jumps, tilts, a target that leaves the middle, more movement than was asked for.</summary>
public class ViewTrajectoryTests
{
    private const int Loop = 48;

    // From straight ahead, from the side, and straight down, where "up" is easily lost.
    public static TheoryData<ViewMotion, double, double, double> Rests => new()
    {
        { ViewMotion.Orbit, 0, 0, 0 }, { ViewMotion.Dolly, 0, 0, 0 }, { ViewMotion.Sway, 0, 0, 0 },
        { ViewMotion.Orbit, 1.5, -0.5, 0.5 }, { ViewMotion.Dolly, 1.5, -0.5, 0.5 }, { ViewMotion.Sway, 1.5, -0.5, 0.5 },
        { ViewMotion.Orbit, 0, -3, 2 }, { ViewMotion.Dolly, 0, -3, 2 }, { ViewMotion.Sway, 0, -3, 2 },
    };

    private static readonly Vector3 Target = new(0, 0, 2);

    [Theory]
    [MemberData(nameof(Rests))]
    public void A_loop_closes_and_moves_in_small_steps(ViewMotion motion, double x, double y, double z)
    {
        var (trajectory, _, distance) = Make(motion, x, y, z);
        double largest = 0, mean = 0;
        for (int frame = 0; frame < Loop; frame++)
        {
            Pose a = trajectory.PoseAt(frame), b = trajectory.PoseAt(frame + 1);
            double step = (a.Translation - b.Translation).Length;
            (largest, mean) = (Math.Max(largest, step), mean + step / Loop);
            // A picture that turned over would turn by 180 degrees between two frames; the quickest of these turns by less than one.
            Assert.InRange((a.Rotation.Transposed * b.Rotation).Angle, 0, Math.PI / 180);
            Assert.Equal(a, trajectory.PoseAt(frame + Loop));
        }
        // Along sines the quickest step is π/2 times the mean one; the step from the last frame to the first is one of them.
        Assert.InRange(largest, 0, 1.6 * mean);
        Assert.True(mean > 1e-3 * distance, "it moves");
    }

    [Theory]
    [MemberData(nameof(Rests))]
    public void The_target_stays_in_the_middle_and_the_picture_upright(ViewMotion motion, double x, double y, double z)
    {
        var (trajectory, rest, distance) = Make(motion, x, y, z);
        for (int frame = 0; frame < Loop; frame++)
        {
            var pose = trajectory.PoseAt(frame);
            var seen = pose.Inverse * Target;
            Assert.Equal(0, seen.X / seen.Z, 1e-9);
            Assert.Equal(0, seen.Y / seen.Z, 1e-9);
            Assert.InRange(seen.Z, 0.5 * distance, 1.1 * distance);
            // What is up at rest stays up, and what is right stays right.
            Assert.True(Vector3.Dot(pose.Rotation * new Vector3(0, 1, 0), rest.Rotation * new Vector3(0, 1, 0)) > 0.99);
            Assert.Equal(0, Vector3.Dot(pose.Rotation * new Vector3(1, 0, 0), rest.Rotation * new Vector3(0, 1, 0)), 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Rests))]
    public void It_goes_as_far_as_the_amplitude_and_no_further(ViewMotion motion, double x, double y, double z)
    {
        var (trajectory, rest, distance) = Make(motion, x, y, z);
        var offsets = Enumerable.Range(0, Loop).Select(f => rest.Inverse * trajectory.PoseAt(f).Translation).ToArray();
        switch (motion)
        {
            case ViewMotion.Orbit:
                var middle = new Vector3(0, 0, distance);
                Assert.All(offsets, o => Assert.Equal(distance, (o - middle).Length, 1e-9));
                double[] angles = [.. offsets.Select(o => Math.Acos(Math.Clamp(Vector3.Dot((o - middle).Normalized, new(0, 0, -1)), -1, 1)) * 180 / Math.PI)];
                // The elevation is half the amplitude where the azimuth is 0.
                Assert.Equal(Amplitude(motion), angles.Max(), 0.01);
                Assert.Equal(Amplitude(motion) / 2, angles.Min(), 0.01);
                break;
            case ViewMotion.Dolly:
                Assert.All(offsets, o => Assert.Equal(0, Math.Abs(o.X) + Math.Abs(o.Y), 1e-9));
                Assert.Equal(0, offsets.Min(o => o.Z), 1e-9);
                Assert.Equal(Amplitude(motion), offsets.Max(o => o.Z), 1e-9);
                break;
            default:
                Assert.All(offsets, o => Assert.Equal(0, Math.Abs(o.Z) + Math.Abs(o.Y), 1e-9));
                Assert.Equal(Amplitude(motion), offsets.Max(o => o.X), 1e-9);
                Assert.Equal(-Amplitude(motion), offsets.Min(o => o.X), 1e-9);
                break;
        }
    }

    [Theory]
    [InlineData(ViewMotion.Orbit, 81)]
    [InlineData(ViewMotion.Dolly, 1.9)]
    [InlineData(ViewMotion.Sway, 4.1)]
    public void More_than_the_scene_bears_is_refused(ViewMotion motion, double amplitude) =>
        Assert.Equal("AmplitudeOutOfRange", Assert.Throws<MetricDepthException>(() => LoopTrajectory.For(motion, amplitude, Pose.Identity, 2, Loop)).ErrorId);

    private static double Amplitude(ViewMotion motion) => motion switch
    {
        ViewMotion.Orbit => 5,
        ViewMotion.Dolly => 0.6,
        _ => 0.15,
    };

    private static (LoopTrajectory Trajectory, Pose AtRest, double Distance) Make(ViewMotion motion, double x, double y, double z)
    {
        var position = new Vector3(x, y, z);
        double distance = (Target - position).Length;
        var rest = Pose.LookAt(position, Target);
        return (LoopTrajectory.For(motion, Amplitude(motion), rest, distance, Loop), rest, distance);
    }
}
