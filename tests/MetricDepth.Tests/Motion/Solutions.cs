using System.Collections.Concurrent;
using MetricDepth.Motion;
using MetricDepth.Scenes.Poses;

namespace MetricDepth.Tests.Motion;

/// <summary>What one solver makes of the filmed scenes, each solved once for all tests.</summary>
internal sealed class Solutions(Func<IPoseSolver> create)
{
    private readonly ConcurrentDictionary<(string, DepthSupply, MotionConstraint), Lazy<PoseScore>> _scores = new();

    public PoseScore Score(string scene, DepthSupply supply, MotionConstraint constraint = MotionConstraint.Free) =>
        _scores.GetOrAdd((scene, supply, constraint), _ => new(() =>
        {
            var film = scene switch
            {
                "Loop" => FilmedScene.Loop,
                "Spin" => FilmedScene.Spin,
                "SwayingSpin" => FilmedScene.SwayingSpin,
                "Walk" => FilmedScene.Walk,
                _ => FilmedScene.Crowd,
            };
            return PoseScore.Of(create(), film, SceneProblem.Of(film, supply, constraint), TestContext.Current.CancellationToken);
        })).Value;
}
