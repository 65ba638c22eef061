using MetricDepth.Geometry;
using MetricDepth.Scenes.Shading;
using Rgb = System.Numerics.Vector3;

namespace MetricDepth.Scenes.Sets;

/// <summary>Balls on a textured floor under a wide lamp.</summary>
internal static class FloorSet
{
    public static Scene Build() => Build("Floor", withRunner: false);

    public static Scene BuildWithRunner() => Build("Runner", withRunner: true);

    public static Pose Camera(double t) =>
        HandHeld.Walk(new(-0.45 + 0.22 * t, -1.35, 0.08 * t), new(0.05 + 0.05 * t, -0.2, 2.6), t, strength: 0.4);

    private static Scene Build(string name, bool withRunner)
    {
        var set = new SetBuilder();
        var ground = new Material(Patterns.Speckle(new(0.24f, 0.2f, 0.16f), new(0.86f, 0.8f, 0.68f), 11)) { Tile = 1.7f, Weathering = 0.3f, LightTexel = 0.05f };
        var wall = new Material(Patterns.Speckle(new(0.25f, 0.32f, 0.4f), new(0.8f, 0.82f, 0.78f), 12)) { Tile = 2.1f, Weathering = 0.3f, LightTexel = 0.15f };
        set.Room(new(-5, -3, -2), new(5, 0, 7), [wall, wall, wall, ground, wall, wall]);
        Rgb[] dark = [new(0.5f, 0.1f, 0.08f), new(0.1f, 0.25f, 0.45f), new(0.15f, 0.35f, 0.15f), new(0.45f, 0.3f, 0.05f), new(0.3f, 0.12f, 0.35f)];
        Rgb[] light = [new(0.95f, 0.55f, 0.4f), new(0.6f, 0.8f, 0.95f), new(0.7f, 0.9f, 0.55f), new(0.98f, 0.85f, 0.4f), new(0.85f, 0.7f, 0.95f)];
        (double X, double Z, double R)[] balls = [(-0.75, 2.1, 0.28), (0.55, 1.75, 0.2), (0.15, 3.1, 0.42), (1.35, 3.4, 0.33), (-1.5, 4.0, 0.45)];
        for (int i = 0; i < balls.Length; i++)
        {
            var skin = new Material(Patterns.Speckle(dark[i], light[i], 20 + i)) { Tile = 0.9f };
            set.Ball($"ball {i + 1}", new(balls[i].X, -balls[i].R, balls[i].Z), balls[i].R, skin);
        }
        if (withRunner)
        {
            var skin = new Material(Patterns.Speckle(new(0.7f, 0.25f, 0.02f), new(1, 0.85f, 0.5f), 40)) { Tile = 0.9f };
            set.Ball("runner", new(-1.1, -0.24, 2.55), 0.24, skin, t => new(0.8 * t, 0, 0));
        }
        var lights = new Lights
        {
            Samples = Lights.Rectangle(new(-1.5, -2.95, 1.5), new(0, 0, 1.2), new(1.2, 0, 0), new(14, 13.2f, 12, 0), 6, 6).ToArray(),
            Ambient = new(0.22f, 0.23f, 0.25f, 0),
        };
        return new(name, set, lights, 0.95f, Camera);
    }
}
