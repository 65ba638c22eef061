using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Motion.DepthAssisted;
using MetricDepth.Scenes.Poses;

namespace MetricDepth.Tests.Motion;

/// <summary>Solvers get tracks from files of unknown make: whatever is in them, the end is a path that holds together or an error with a name.</summary>
public class HostileSightingTests
{
    private const int Frames = 40;
    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(320, 240, 66, null);

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string solver in Solvers.Keys)
                foreach (string clip in Clips.Keys) cases.Add(solver, clip);
            return cases;
        }
    }

    private static Dictionary<string, (Func<IPoseSolver> Create, DepthTrust Depth)> Solvers { get; } = new()
    {
        ["measured depth"] = (() => new DepthAssistedSolver(), DepthTrust.Measured),
        ["no depth"] = (() => new StructureFromMotionSolver(), DepthTrust.None),
        ["estimated depth"] = (() => new DepthAssistedSolver(), DepthTrust.Estimated),
    };

    private static Dictionary<string, Func<int, SightedFrame>> Clips { get; } = new()
    {
        ["no points at all"] = f => new(f, [], [], []),
        ["one point"] = f => new(f, [7], [new(100 + f, 50)], [2]),
        ["two points"] = f => new(f, [1, 2], [new(100 + f, 50), new(20, 90)], [2, 3]),
        ["points that are not numbers"] = f => Grid(f, (i, p) => i % 3 == 0 ? new(float.NaN, p.Y) : p, (i, d) => d),
        ["points at infinity"] = f => Grid(f, (i, p) => i % 2 == 0 ? new(float.PositiveInfinity, float.NegativeInfinity) : p, (i, d) => d),
        ["points far outside"] = f => Grid(f, (i, p) => i % 2 == 0 ? p * 1e20f : p, (i, d) => d),
        ["depth that is not a number"] = f => Grid(f, (i, p) => p, (i, d) => i % 2 == 0 ? float.NaN : d),
        ["no depth is a number"] = f => Grid(f, (i, p) => p, (i, d) => float.NaN),
        ["negative depth"] = f => Grid(f, (i, p) => p, (i, d) => i % 2 == 0 ? -d : d),
        ["infinite depth"] = f => Grid(f, (i, p) => p, (i, d) => i % 2 == 0 ? float.PositiveInfinity : d),
        ["huge and tiny depth"] = f => Grid(f, (i, p) => p, (i, d) => (i % 3) switch { 0 => 1e30f, 1 => 1e-30f, _ => d }),
        ["depth nowhere"] = f => Grid(f, (i, p) => p, (i, d) => 0),
        ["ids that jump"] = f => Grid(f, (i, p) => p, (i, d) => d, i => int.MaxValue - 100_000 * (200 - i)),
        ["another set of ids in every frame"] = f => Grid(f, (i, p) => p, (i, d) => d, i => 1000 * f + i),
        ["all on one line"] = f => Grid(f, (i, p) => new(p.X, 120), (i, d) => d),
        ["all in one place"] = f => Grid(f, (i, p) => new(160, 120), (i, d) => d),
        ["each point ten times"] = f => Grid(f, (i, p) => GridPoint(i / 10), (i, d) => 2),
        ["nothing for ten frames"] = f => f is >= 10 and < 20 ? new(f, [], [], []) : Grid(f, (i, p) => p, (i, d) => d),
        ["noise"] = f => Grid(f, (i, p) => new(320 * Random(f, i), 240 * Random(i, f + 500)), (i, d) => 1 + 5 * Random(f + 99, i)),
        ["points before every other frame only"] = f => f % 2 == 1 ? new(f, [], [], []) : Grid(f, (i, p) => p, (i, d) => d),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_end_is_a_sound_path_or_a_named_error(string solver, string clip) => AssertEndsWell(Solvers[solver], Clips[clip]);

    [Fact]
    public void Whatever_a_file_makes_up_ends_well() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        // a good clip of which each frame is spoilt in one of the ways above, by chance
        var ways = Clips.Values.ToArray();
        foreach (var solver in Solvers.Values)
            AssertEndsWell(solver, f => Random(f, seed) < 0.6 ? Grid(f, (i, p) => p, (i, d) => d) : ways[(int)(Random(f, seed + 1) * ways.Length * 0.9999f)](f));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(8).WithReplay(4UL, 7UL));

    [Fact]
    public void The_path_depends_on_neither_threads_nor_language()
    {
        foreach (var (name, solver) in Solvers)
        {
            var film = FilmedScene.Of(MetricDepth.Scenes.Scene.Floor, 40);
            var problem = SceneProblem.Of(film, solver.Depth switch { DepthTrust.None => DepthSupply.None, DepthTrust.Measured => DepthSupply.WithHoles, _ => DepthSupply.Wavering });
            var alone = solver.Create().Solve(problem, null, TestContext.Current.CancellationToken);
            // four at once contend for the threads, so work is shared out differently each time
            var threads = new[] { "de-DE", "ar-SA", "tr-TR", "" }.Select(culture =>
            {
                PoseSolution? found = null;
                var thread = new Thread(() => found = solver.Create().Solve(problem, null, default)) { CurrentCulture = CultureInfo.GetCultureInfo(culture) };
                thread.Start();
                return (thread, Found: new Func<PoseSolution?>(() => found));
            }).ToArray();
            foreach (var (thread, found) in threads)
            {
                thread.Join();
                Assert.Equal(alone.Poses, found()!.Poses);
                Assert.Equal(alone.Frames, found()!.Frames);
            }
        }
    }

    private static void AssertEndsWell((Func<IPoseSolver> Create, DepthTrust Depth) solver, Func<int, SightedFrame> clip)
    {
        var problem = new Made(clip, solver.Depth == DepthTrust.None) { Camera = Camera, FrameRate = 25, FrameCount = Frames, Depth = solver.Depth };
        var clock = Stopwatch.StartNew();
        try
        {
            var solution = solver.Create().Solve(problem, null, TestContext.Current.CancellationToken);
            Assert.Equal(Frames, solution.Poses.Count);
            Assert.Equal(Frames, solution.Frames.Count);
            Assert.True(double.IsFinite(solution.ReprojectionError));
            Assert.InRange(solution.InlierShare, 0, 1);
            Assert.All(solution.Poses, p =>
            {
                var q = p.Rotation.Transposed * p.Rotation;
                Assert.Equal(3, q.M00 + q.M11 + q.M22, 1e-9);
                Assert.True(double.IsFinite(p.Translation.Length), $"{p}");
            });
            Assert.All(solution.Frames, f => Assert.InRange(f.Inliers, 0, f.Points));
        }
        catch (MetricDepthException e)
        {
            Assert.NotEmpty(e.ErrorId);
            Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
        }
        // forty frames of two hundred points take a tenth of a second; a solver caught in a search would take minutes
        Assert.True(clock.Elapsed.TotalSeconds < 20, $"{clock.Elapsed}");
    }

    /// <summary>A wall of points at 2 m and 4 m; the camera slides to the right by 2 cm a frame.</summary>
    private static SightedFrame Grid(int frame, Func<int, Vector2, Vector2> move, Func<int, float, float> deepen, Func<int, int>? name = null)
    {
        const int Count = 200;
        var points = new Vector2[Count];
        var depths = new float[Count];
        for (int i = 0; i < Count; i++)
        {
            float depth = i % 2 == 0 ? 2 : 4;
            points[i] = move(i, GridPoint(i) - new Vector2((float)(0.02 * frame * Camera.Fx / depth), 0));
            depths[i] = deepen(i, depth);
        }
        return new(frame, [.. Enumerable.Range(0, Count).Select(name ?? (i => i))], points, depths);
    }

    private static Vector2 GridPoint(int i) => new(30 + i % 20 * 14 + 5 * Random(i, 3), 20 + i / 20 * 20 + 9 * Random(i, 4));

    private static float Random(int a, int b)
    {
        uint h = (uint)a * 0x9E3779B1u ^ (uint)b * 0x85EBCA77u;
        h = (h ^ h >> 15) * 0x2C1B3C6Du;
        h = (h ^ h >> 12) * 0x297A2D39u;
        return ((h ^ h >> 15) >> 8) * (1f / (1 << 24));
    }

    private sealed class Made(Func<int, SightedFrame> frame, bool withoutDepth) : PoseProblem
    {
        public override IEnumerable<SightedFrame> Read(CancellationToken cancellation) =>
            Enumerable.Range(0, Frames).Select(frame).Select(f => withoutDepth ? f with { Depths = [] } : f);
    }
}
