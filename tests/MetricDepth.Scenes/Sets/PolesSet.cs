using MetricDepth.Geometry;
using MetricDepth.Scenes.Shading;
using Rgb = System.Numerics.Vector3;

namespace MetricDepth.Scenes.Sets;

/// <summary>Thin poles before a far wall: the hard case for depth edges.</summary>
internal static class PolesSet
{
    public static Scene Build()
    {
        var set = new SetBuilder();
        var wall = new Material(Patterns.Bricks(new(0.42f, 0.2f, 0.15f), new(0.75f, 0.45f, 0.33f), new(0.72f, 0.69f, 0.64f), 31))
        { Tile = 2, Weathering = 0.5f, LightTexel = 0.1f };
        var ground = new Material(Patterns.Speckle(new(0.3f, 0.31f, 0.3f), new(0.78f, 0.76f, 0.72f), 32)) { Tile = 1.5f, Weathering = 0.3f, LightTexel = 0.06f };
        var ceiling = new Material(Patterns.Plaster(new(0.78f, 0.77f, 0.74f), 0.3f, 33)) { Tile = 1.2f, LightTexel = 0.2f };
        set.Room(new(-4.5, -2.8, -1.5), new(4.5, 0, 6), [wall, wall, ceiling, ground, wall, wall]);
        (double X, double Z, double R, double Lean)[] poles =
            [(-0.75, 1.5, 0.015, 0), (0.2, 2, 0.02, 6), (0.8, 2.6, 0.03, 0), (-0.4, 3, 0.025, -8), (-1.5, 3.5, 0.05, 0), (1.7, 4, 0.06, 3), (0.45, 4, 0.02, 0)];
        for (int i = 0; i < poles.Length; i++)
        {
            var (x, z, r, lean) = poles[i];
            float hue = i / 7f;
            var paint = new Material(Patterns.Speckle(new Rgb(0.15f + 0.5f * hue, 0.25f, 0.6f - 0.5f * hue), new Rgb(0.9f, 0.85f - 0.3f * hue, 0.6f + 0.3f * hue), 50 + i)) { Tile = 0.35f };
            set.Pole($"pole {i + 1}", new(x, -1.4, z), 2.78, r, paint, Rotation.Exp(new(0, 0, lean * Math.PI / 180)));
        }
        var lights = new Lights
        {
            Samples = Lights.Rectangle(new(0.5, -2.75, 2), new(0, 0, 1.5), new(2, 0, 0), new(6.5f, 6.2f, 5.8f, 0), 6, 6).ToArray(),
            Ambient = new(0.3f, 0.31f, 0.33f, 0),
        };
        return new("Poles", set, lights, 0.95f, t => HandHeld.LookAt(new(-0.4 + 0.2 * t, -1.4, 0), new(-0.2 + 0.2 * t, -1.35, 5)));
    }
}
