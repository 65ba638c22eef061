using MetricDepth.Geometry;
using MetricDepth.Scenes.Shading;
using MetricDepth.Scenes.Tracing;
using Rgb = System.Numerics.Vector3;

namespace MetricDepth.Scenes.Sets;

/// <summary>A living room in the afternoon: 6 m by 7.2 m, 2.7 m high, with a window on the left.</summary>
internal static class RoomSet
{
    private const double Left = -3, Right = 3, Back = 6, Front = -1.2, Ceiling = -2.7;

    private static readonly Material Metal = new(Patterns.Mottle(new(0.25f, 0.23f, 0.2f), new(0.62f, 0.58f, 0.5f), 5, 40)) { Tile = 0.2f, LightTexel = 0.05f };
    private static readonly Material Gilt = Wood(new(0.3f, 0.2f, 0.1f), new(0.75f, 0.58f, 0.3f), 39);
    private static readonly Material Oak = Wood(new(0.45f, 0.27f, 0.15f), new(0.78f, 0.55f, 0.34f), 21);
    private static readonly Material Teal = new(Patterns.Cloth(new(0.2f, 0.36f, 0.38f), new(0.72f, 0.7f, 0.55f), 22)) { Tile = 0.4f };
    private static readonly Material Pages = new(Patterns.Mottle(new(0.7f, 0.65f, 0.54f), new(0.92f, 0.88f, 0.78f), 9, 41)) { Tile = 0.1f, LightTexel = 0.03f };
    private static readonly Material Stem = new(Patterns.Mottle(new(0.12f, 0.25f, 0.08f), new(0.35f, 0.5f, 0.2f), 5, 20)) { Tile = 0.2f, LightTexel = 0.03f };

    public static Scene Build()
    {
        var set = new SetBuilder();
        Shell(set);
        Window(set);
        Table(set, new(0.35, 0, 3.1));
        Chair(set, new(-0.85, 0, 2.75), 62);
        Chair(set, new(0.6, 0, 3.95), 186);
        Sofa(set, new(1.95, 0, 5.15));
        Bookcase(set, new(-1.25, 0, 5.8));
        Sideboard(set, new(0.96, 0, 1.95));
        Plant(set, new(-2.25, 0, 4.7), 1.0, 7, "plant");
        FloorLamp(set, new(0.42, 0, 5.45));
        Pictures(set);
        var lights = new Lights
        {
            Samples =
            [
                .. Lights.Rectangle(new(Left + 0.06, -1.5, 3.3), new(0, 0.75, 0), new(0, 0, 1.0), new(11.5f, 12.6f, 14f, 0), 8, 8),
                .. Lights.Rectangle(new(0.4, Ceiling + 0.02, -0.4), new(0, 0, 0.6), new(1.4, 0, 0), new(3.2f, 3f, 2.7f, 0), 4, 4),
                .. Lights.Ball(new(0.35, -1.95, 3.1), 0.13, new(15f, 11.5f, 7.6f, 0), 12),
                .. Lights.Ball(new(0.42, -1.62, 5.45), 0.13, new(26f, 17f, 9f, 0), 12),
            ],
            Sun = new(new Vector3(-0.80, -0.62, -0.18).Normalized, new(Left + 0.06, -1.5, 3.3), new(0, 0.75, 0), new(0, 0, 1.0), new(7.5f, 6.5f, 5.0f, 0), 0.018),
            Ambient = new(0.06f, 0.063f, 0.07f, 0),
            Bounces = 2,
        };
        return new("Room", set, lights, 0.92f, Camera);
    }

    /// <summary>
    /// An easy walk in, forwards and to the right. It sways back after some ten seconds, so it never leaves the room however long
    /// the clip is.
    /// </summary>
    public static Pose Camera(double t)
    {
        double across = -0.28 - 0.72 * Math.Cos(2 * Math.PI * (t + 1.2) / 14), forward = 0.35 - 0.75 * Math.Cos(2 * Math.PI * (t + 1.5) / 17);
        var eye = new Vector3(across, -1.5, forward);
        var target = new Vector3(0.08 + 0.45 * across, -1.02, 4.4);
        return HandHeld.Walk(eye, target, t, strength: 1);
    }

    private static void Shell(SetBuilder set)
    {
        var boards = new Material(Patterns.Planks(new(0.33f, 0.2f, 0.12f), new(0.74f, 0.54f, 0.36f), 1)) { Tile = 1.8f, Weathering = 0.25f, LightTexel = 0.03f };
        var brick = new Material(Patterns.Bricks(new(0.45f, 0.24f, 0.18f), new(0.8f, 0.52f, 0.4f), new(0.78f, 0.75f, 0.7f), 2)) { Tile = 1.95f, Weathering = 0.5f, LightTexel = 0.05f };
        var paper = new Material(Patterns.Wallpaper(new(0.84f, 0.8f, 0.7f), new(0.36f, 0.5f, 0.48f), 3)) { Tile = 1.5f, Weathering = 0.5f, LightTexel = 0.05f };
        var plaster = new Material(Patterns.Plaster(new(0.82f, 0.78f, 0.7f), 0.42f, 4)) { Tile = 1.3f, Weathering = 0.5f, LightTexel = 0.05f };
        var ceiling = new Material(Patterns.Plaster(new(0.86f, 0.85f, 0.82f), 0.3f, 5)) { Tile = 1.6f, Weathering = 0.4f, LightTexel = 0.1f };
        set.Room(new(Left, Ceiling, Front), new(Right, 0, Back), [plaster, paper, ceiling, boards, plaster, brick]);
        var beam = Wood(new(0.26f, 0.16f, 0.1f), new(0.5f, 0.33f, 0.2f), 6);
        for (int i = 0; i < 4; i++) set.Box("beam", new(0, Ceiling + 0.09, 0.6 + 1.6 * i), new(6, 0.18, 0.16), beam);
        var skirting = Wood(new(0.7f, 0.66f, 0.58f), new(0.9f, 0.87f, 0.8f), 7);
        set.Box("skirting", new(0, -0.06, Back - 0.012), new(6, 0.12, 0.024), skirting);
        set.Box("skirting", new(Right - 0.012, -0.06, 2.4), new(0.024, 0.12, 7.2), skirting);
        set.Box("skirting", new(Left + 0.012, -0.06, 2.4), new(0.024, 0.12, 7.2), skirting);
        var rug = new Material(Patterns.Rug(8)) { Tile = 0, LightTexel = 0.03f };
        set.Box("rug", new(0.25, -0.006, 3.15), new(2.5, 0.012, 3.3), rug, 4);
    }

    private static void Window(SetBuilder set)
    {
        var garden = new Material(Patterns.Garden(9)) { Tile = 0, Emission = 5.5f, LightTexel = 1 };
        set.Glow("window", new(Left + 0.02, -1.5, 3.3), new(0.04, 1.5, 2.0), garden);
        var frame = Wood(new(0.78f, 0.76f, 0.7f), new(0.93f, 0.91f, 0.86f), 10);
        foreach (double z in new[] { 2.27, 3.3, 4.33 }) set.Box("window frame", new(Left + 0.06, -1.5, z), new(0.1, 1.62, 0.06), frame);
        foreach (double y in new[] { -2.28, -1.85, -0.72 }) set.Box("window frame", new(Left + 0.06, y, 3.3), new(0.1, 0.06, 2.12), frame);
        set.Box("sill", new(Left + 0.12, -0.68, 3.3), new(0.24, 0.04, 2.3), frame);
        var curtain = new Material(Patterns.Cloth(new(0.63f, 0.28f, 0.2f), new(0.85f, 0.62f, 0.36f), 11)) { Tile = 0.55f };
        for (int i = 0; i < 6; i++)
        {
            set.Pole("curtain", new(Left + 0.16 + 0.012 * (i & 1), -1.28, 1.86 + 0.075 * i), 2.36, 0.05, curtain);
            set.Pole("curtain", new(Left + 0.16 + 0.012 * (i & 1), -1.28, 4.38 + 0.075 * i), 2.36, 0.05, curtain);
        }
        set.Pole("curtain rail", new(Left + 0.16, -2.46, 3.3), 3.2, 0.018, Metal, Rotation.Exp(new(Math.PI / 2, 0, 0)));
    }

    private static void Table(SetBuilder set, Vector3 at)
    {
        var wood = Wood(new(0.36f, 0.19f, 0.1f), new(0.68f, 0.42f, 0.23f), 12);
        set.Box("table", at + new Vector3(0, -0.735, 0), new(1.5, 0.04, 0.85), wood, 8);
        set.Box("table", at + new Vector3(0, -0.675, 0), new(1.36, 0.08, 0.72), wood, 8);
        var turn = SetBuilder.Yaw(8);
        foreach (var (x, z) in new[] { (-0.66, -0.34), (0.66, -0.34), (-0.66, 0.34), (0.66, 0.34) })
            set.Box("table", at + turn * new Vector3(x, -0.355, z), new(0.07, 0.71, 0.07), wood, 8);
        double top = -0.755;
        var glaze = new Material(Patterns.Mottle(new(0.16f, 0.34f, 0.5f), new(0.75f, 0.85f, 0.88f), 6, 13)) { Tile = 0.3f, LightTexel = 0.02f };
        set.Drum("bowl", at + new Vector3(-0.32, top - 0.045, -0.08), 0.09, 0.17, [glaze]);
        Rgb[] fruit = [new(0.72f, 0.12f, 0.08f), new(0.85f, 0.55f, 0.12f), new(0.5f, 0.62f, 0.14f), new(0.78f, 0.25f, 0.1f), new(0.9f, 0.62f, 0.16f)];
        for (int i = 0; i < 5; i++)
        {
            double a = i * 1.257 + 0.3, r = i == 4 ? 0 : 0.085;
            var skin = new Material(Patterns.Mottle(fruit[i] * 0.7f, fruit[i] + new Rgb(0.12f, 0.12f, 0.05f), 5, 60 + i)) { Tile = 0.25f, LightTexel = 0.015f };
            set.Ball("fruit", at + new Vector3(-0.32 + r * Math.Cos(a), top - (i == 4 ? 0.17 : 0.115), -0.08 + r * Math.Sin(a)), 0.052, skin);
        }
        var mug = new Material(Patterns.Mottle(new(0.75f, 0.28f, 0.14f), new(0.93f, 0.62f, 0.4f), 4, 14)) { Tile = 0.25f, LightTexel = 0.015f };
        set.Drum("mug", at + new Vector3(0.12, top - 0.055, -0.26), 0.11, 0.042, [mug, new Material(Patterns.Plain(new(0.2f, 0.12f, 0.07f), 15)) { Tile = 0.2f }]);
        Book(set, at + new Vector3(0.42, top - 0.02, -0.1), new(0.3, 0.04, 0.22), 22, new(0.16f, 0.3f, 0.45f), 16);
        Book(set, at + new Vector3(0.44, top - 0.055, -0.1), new(0.25, 0.03, 0.19), 5, new(0.72f, 0.5f, 0.16f), 17);
        var vase = new Material(Patterns.Mottle(new(0.7f, 0.66f, 0.56f), new(0.95f, 0.92f, 0.84f), 5, 18)) { Tile = 0.3f, LightTexel = 0.02f };
        set.Ellipsoid("vase", at + new Vector3(0.06, top - 0.1, 0.16), new(0.085, 0.105, 0.085), vase, Rotation.Identity);
        set.Pole("vase", at + new Vector3(0.06, top - 0.21, 0.16), 0.1, 0.035, vase);
        Flowers(set, at + new Vector3(0.06, top - 0.26, 0.16));
        // the pendant above
        var shade = new Material(Patterns.Plain(new(1f, 0.88f, 0.66f), 19)) { Tile = 0.6f, Emission = 2.4f, LightTexel = 1 };
        set.Glow("pendant", at + new Vector3(0, -1.95, 0), new(0.3, 0.3, 0.3), shade, Shape.Ball);
        set.Pole("pendant", at + new Vector3(0, -2.36, 0), 0.56, 0.008, Metal);
        set.Pole("pendant", at + new Vector3(0, -2.12, 0), 0.05, 0.04, Metal);
    }

    private static void Flowers(SetBuilder set, Vector3 at)
    {
        Rgb[] petals = [new(0.9f, 0.5f, 0.15f), new(0.85f, 0.25f, 0.3f), new(0.95f, 0.85f, 0.75f), new(0.93f, 0.72f, 0.2f), new(0.75f, 0.3f, 0.5f)];
        for (int i = 0; i < 9; i++)
        {
            double a = i * 2.4, lean = 0.12 + 0.05 * (i % 4), length = 0.2 + 0.045 * (i % 3);
            var axes = Rotation.Exp(new Vector3(Math.Cos(a), 0, Math.Sin(a)) * lean * 1.6);
            var up = axes * new Vector3(0, -1, 0);
            set.Pole("flowers", at + up * (length / 2), length, 0.004, Stem, axes);
            var petal = new Material(Patterns.Mottle(petals[i % 5] * 0.65f, petals[i % 5] * 1.05f, 6, 70 + i)) { Tile = 0.12f, LightTexel = 0.015f };
            set.Ellipsoid("flowers", at + up * length, new(0.042, 0.026, 0.042), petal, axes);
        }
    }

    public static void Chair(SetBuilder set, Vector3 at, double yaw)
    {
        var turn = SetBuilder.Yaw(yaw);
        Put(new(0, -0.43, 0), new(0.44, 0.035, 0.44), Oak);
        Put(new(0, -0.47, 0), new(0.42, 0.05, 0.41), Teal);
        foreach (var (x, z) in new[] { (-0.19, -0.19), (0.19, -0.19) })
        {
            Put(new(x, -0.207, -z), new(0.04, 0.414, 0.04), Oak);
            Put(new(x, -0.48, z), new(0.04, 0.96, 0.04), Oak);
        }
        Put(new(0, -0.9, -0.19), new(0.38, 0.09, 0.025), Oak);
        Put(new(0, -0.74, -0.19), new(0.38, 0.05, 0.025), Oak);
        Put(new(0, -0.62, -0.19), new(0.38, 0.05, 0.025), Oak);
        Put(new(0, -0.15, 0), new(0.38, 0.03, 0.03), Oak);

        void Put(Vector3 p, Vector3 size, Material m) => set.Box("chair", at + turn * p, size, m, yaw);
    }

    private static void Sofa(SetBuilder set, Vector3 at)
    {
        var cloth = new Material(Patterns.Cloth(new(0.28f, 0.35f, 0.5f), new(0.5f, 0.56f, 0.66f), 23)) { Tile = 0.5f };
        set.Box("sofa", at + new Vector3(0, -0.2, 0), new(1.85, 0.3, 0.85), cloth);
        set.Box("sofa", at + new Vector3(0, -0.55, 0.34), new(1.85, 0.6, 0.18), cloth);
        foreach (double x in new[] { -0.45, 0.45 }) set.Box("sofa", at + new Vector3(x, -0.41, -0.06), new(0.86, 0.14, 0.74), cloth, x < 0 ? 0.6 : -0.5);
        foreach (double x in new[] { -0.98, 0.98 })
        {
            set.Box("sofa", at + new Vector3(x, -0.31, 0), new(0.16, 0.52, 0.9), cloth);
            set.Pole("sofa", at + new Vector3(x, -0.57, 0), 0.9, 0.095, cloth, Rotation.Exp(new(Math.PI / 2, 0, 0)));
        }
        var bright = new Material(Patterns.Cloth(new(0.85f, 0.6f, 0.2f), new(0.95f, 0.85f, 0.6f), 24)) { Tile = 0.35f };
        var check = new Material(Patterns.Mosaic(25)) { Tile = 0.4f };
        set.Ellipsoid("cushion", at + new Vector3(-0.6, -0.66, 0.16), new(0.24, 0.22, 0.09), bright, Rotation.Exp(new(-0.3, 0.25, 0.2)));
        set.Ellipsoid("cushion", at + new Vector3(0.55, -0.66, 0.16), new(0.24, 0.22, 0.09), check, Rotation.Exp(new(-0.3, -0.2, -0.15)));
    }

    public static void Bookcase(SetBuilder set, Vector3 at)
    {
        var wood = Wood(new(0.3f, 0.17f, 0.1f), new(0.56f, 0.36f, 0.22f), 26);
        const double W = 1.3, H = 2.0, D = 0.34;
        foreach (double x in new[] { -W / 2, W / 2 }) set.Box("bookcase", at + new Vector3(x, -H / 2, 0), new(0.035, H, D), wood);
        for (int i = 0; i <= 5; i++) set.Box("bookcase", at + new Vector3(0, -0.06 - i * 0.38, 0), new(W, 0.03, D), wood);
        set.Box("bookcase", at + new Vector3(0, -H / 2, D / 2 - 0.01), new(W, H, 0.015), wood);
        Rgb[] covers = [new(0.5f, 0.14f, 0.12f), new(0.14f, 0.26f, 0.4f), new(0.22f, 0.36f, 0.22f), new(0.68f, 0.52f, 0.24f), new(0.8f, 0.76f, 0.66f), new(0.3f, 0.18f, 0.28f), new(0.16f, 0.16f, 0.18f), new(0.7f, 0.34f, 0.18f)];
        Rgb[] prints = [new(0.9f, 0.75f, 0.4f), new(0.9f, 0.88f, 0.8f), new(0.15f, 0.12f, 0.1f)];
        int seed = 100;
        for (int shelf = 0; shelf < 5; shelf++)
        {
            double x = -W / 2 + 0.03, floor = -0.075 - shelf * 0.38, end = W / 2 - 0.03 - (shelf is 1 or 3 ? 0.28 : 0.02);
            while (true)
            {
                seed++;
                double thick = 0.028 + 0.05 * Noise.Hash(seed, 1, 1), tall = 0.21 + 0.1 * Noise.Hash(seed, 2, 1), deep = 0.17 + 0.06 * Noise.Hash(seed, 3, 1);
                if (x + thick > end) break;
                int cover = (int)(Noise.Hash(seed, 4, 1) * 7.99f), print = cover is 3 or 4 ? 2 : (int)(Noise.Hash(seed, 5, 1) * 1.99f);
                var spine = new Material(Patterns.Spine(covers[cover] * (0.8f + 0.4f * Noise.Hash(seed, 6, 1)), prints[print], seed)) { Tile = 0, LightTexel = 0.06f };
                set.Box("books", at + new Vector3(x + thick / 2, floor - tall / 2, -D / 2 + 0.03 + deep / 2), new(thick - 0.003, tall, deep), spine);
                x += thick;
            }
        }
        var clay = new Material(Patterns.Mottle(new(0.5f, 0.24f, 0.15f), new(0.8f, 0.5f, 0.35f), 4, 27)) { Tile = 0.3f, LightTexel = 0.03f };
        set.Ball("ornament", at + new Vector3(0.48, -0.075 - 0.38 - 0.095, -0.05), 0.095, clay);
        var glass = new Material(Patterns.Mottle(new(0.1f, 0.35f, 0.35f), new(0.45f, 0.75f, 0.7f), 4, 28)) { Tile = 0.3f, LightTexel = 0.03f };
        set.Ellipsoid("ornament", at + new Vector3(0.48, -0.075 - 3 * 0.38 - 0.12, -0.05), new(0.07, 0.12, 0.07), glass, Rotation.Identity);
    }

    /// <summary>The near thing that slides across the view: a small cabinet with a pot plant, books and a globe.</summary>
    private static void Sideboard(SetBuilder set, Vector3 at)
    {
        var wood = Wood(new(0.5f, 0.32f, 0.18f), new(0.82f, 0.62f, 0.4f), 29);
        set.Box("sideboard", at + new Vector3(0, -0.42, 0), new(0.62, 0.76, 0.42), wood, -12);
        set.Box("sideboard", at + new Vector3(0, -0.815, 0), new(0.68, 0.035, 0.47), wood, -12);
        var turn = SetBuilder.Yaw(-12);
        foreach (double y in new[] { -0.62, -0.25 })
            set.Ball("sideboard", at + turn * new Vector3(0, y, -0.225), 0.018, Metal);
        Book(set, at + turn * new Vector3(0.12, -0.85, -0.04), new(0.24, 0.035, 0.17), -30, new(0.55f, 0.16f, 0.14f), 30);
        Plant(set, at + turn * new Vector3(-0.13, -0.83, 0.04), 0.42, 31, "pot plant");
    }

    public static void Plant(SetBuilder set, Vector3 at, double height, int seed, string name)
    {
        var clay = new Material(Patterns.Mottle(new(0.52f, 0.26f, 0.16f), new(0.82f, 0.52f, 0.36f), 5, seed)) { Tile = 0.4f, LightTexel = 0.03f };
        var soil = new Material(Patterns.Mottle(new(0.1f, 0.07f, 0.05f), new(0.3f, 0.2f, 0.14f), 9, seed + 1)) { Tile = 0.2f, LightTexel = 0.05f };
        double pot = 0.3 * height, r = 0.17 * height;
        set.Drum(name, at + new Vector3(0, -pot / 2, 0), pot, r, [clay, soil, soil]);
        set.Drum(name, at + new Vector3(0, -pot + 0.02 * height, 0), 0.05 * height, r * 1.1, [clay, soil, soil]);
        var leafs = Enumerable.Range(0, 3).Select(i => new Material(Patterns.Mottle(
            new Rgb(0.08f, 0.2f, 0.07f) * (1 + 0.3f * i), new Rgb(0.4f, 0.55f, 0.2f) * (0.9f + 0.15f * i), 7, seed + 2 + i))
        { Tile = 0.22f, LightTexel = 0.05f }).ToArray();
        int count = height > 0.7 ? 26 : 18;
        for (int i = 0; i < count; i++)
        {
            double a = i * 2.4 + 0.5, up = (i + 0.5) / count, lean = 0.35 + 0.9 * (1 - up) + 0.25 * Noise.Hash(i, 1, seed);
            double reach = height * (0.12 + 0.22 * Math.Sin(Math.PI * (0.25 + 0.65 * up)) * (0.7 + 0.6 * Noise.Hash(i, 2, seed)));
            var stalk = at + new Vector3(0, -pot - height * (0.12 + 0.55 * up), 0);
            var outward = new Vector3(Math.Cos(a), 0, Math.Sin(a));
            // long axis y; leans outwards from upright
            var axes = Rotation.Exp(Vector3.Cross(new(0, -1, 0), outward) * lean) * SetBuilder.Yaw(-a * 180 / Math.PI);
            var tip = axes * new Vector3(0, -1, 0);
            set.Ellipsoid(name, stalk + tip * (reach * 0.75), new(0.014 * height, reach * 0.62, reach * 0.24), leafs[i % 3], axes);
        }
        set.Pole(name, at + new Vector3(0, -pot - height * 0.3, 0), height * 0.65, 0.012 * height, soil);
    }

    private static void FloorLamp(SetBuilder set, Vector3 at)
    {
        set.Drum("floor lamp", at + new Vector3(0, -0.015, 0), 0.03, 0.15, [Metal]);
        set.Pole("floor lamp", at + new Vector3(0, -0.75, 0), 1.5, 0.014, Metal);
        var shade = new Material(Patterns.Cloth(new(0.98f, 0.82f, 0.55f), new(1f, 0.9f, 0.7f), 32)) { Tile = 0.5f, Emission = 2.1f, LightTexel = 1 };
        set.Glow("floor lamp", at + new Vector3(0, -1.62, 0), new(0.4, 0.3, 0.4), shade, Shape.Cylinder);
    }

    private static void Pictures(SetBuilder set)
    {
        Picture(set, new(0.95, -1.62, Back - 0.02), 0.5, 0.62, Patterns.Mosaic(33), facing: 'b');
        Picture(set, new(2.15, -1.6, Back - 0.02), 1.15, 0.75, Patterns.Landscape(34), facing: 'b');
        Picture(set, new(-2.45, -1.55, Back - 0.02), 0.55, 0.72, Patterns.Landscape(35), facing: 'b');
        Picture(set, new(Right - 0.02, -1.55, 3.2), 1.1, 0.8, Patterns.Mosaic(36), facing: 'r');
        Picture(set, new(Right - 0.02, -1.5, 4.6), 0.7, 0.9, Patterns.Landscape(37), facing: 'r');
        Picture(set, new(Left + 0.02, -1.55, 5.4), 0.6, 0.7, Patterns.Mosaic(38), facing: 'l');
    }

    public static void Picture(SetBuilder set, Vector3 at, double width, double height, Lazy<Texture> paint, char facing)
    {
        var art = new Material(paint) { Tile = 0, LightTexel = 0.05f };
        var (inward, size, inner) = facing switch
        {
            'b' => (new Vector3(0, 0, -1), new Vector3(width + 0.1, height + 0.1, 0.04), new Vector3(width, height, 0.04)),
            'r' => (new Vector3(-1, 0, 0), new Vector3(0.04, height + 0.1, width + 0.1), new Vector3(0.04, height, width)),
            _ => (new Vector3(1, 0, 0), new Vector3(0.04, height + 0.1, width + 0.1), new Vector3(0.04, height, width)),
        };
        set.Box("picture", at, size, Gilt);
        set.Box("picture", at + inward * 0.006, inner, art);
    }

    public static void Book(SetBuilder set, Vector3 at, Vector3 size, double yaw, Rgb color, int seed)
    {
        var cover = new Material(Patterns.Mottle(color * 0.85f, color * 1.15f + new Rgb(0.03f), 6, seed)) { Tile = 0.25f, LightTexel = 0.02f };
        set.Box("books", at, size, [Pages, Pages, cover, cover, Pages, cover], yaw);
    }

    public static Material Wood(Rgb dark, Rgb light, int seed) => new(Patterns.Wood(dark, light, seed)) { Tile = 0.45f, Weathering = 0.3f };

}
