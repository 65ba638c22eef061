using System.Numerics;
using MetricDepth.Scenes.Shading;

namespace MetricDepth.Scenes.Sets;

/// <summary>Painters of textures. Colours are display values, 0..1. Every one has detail at several sizes, as real surfaces do.</summary>
internal static class Patterns
{
    public static Lazy<Texture> Make(int log, Func<float, float, Vector3> paint) => new(() => new Texture(log, paint));

    /// <summary>Coloured blotches at every size: easy to match anywhere.</summary>
    public static Lazy<Texture> Speckle(Vector3 a, Vector3 b, int seed) => Make(9, (u, v) =>
    {
        float coarse = Noise.Octaves(u, v, 5, 5, 7, seed, 0.72f), tint = Noise.Octaves(u, v, 4, 4, 4, seed + 50, 0.6f);
        var (near, second, cell) = Noise.Cells(u, v, 28, seed + 3);
        float spot = Step(0.34f, 0.26f, near) * (cell - 0.5f);
        return Vector3.Lerp(a, b, Math.Clamp(0.5f + 0.42f * coarse + 0.6f * spot, 0, 1)) * (1 + 0.18f * tint) + new Vector3(0.06f, 0, -0.06f) * tint;
    });

    /// <summary>Floorboards: twelve across a tile, cut at staggered places.</summary>
    public static Lazy<Texture> Planks(Vector3 dark, Vector3 light, int seed) => Make(10, (u, v) =>
    {
        const int Boards = 12, Cuts = 2;
        float across = u * Boards;
        int board = (int)across;
        float along = (v + Noise.Hash(board, 3, seed)) * Cuts;
        int piece = board * 17 + (int)MathF.Floor(along) % Cuts;
        float tone = Noise.Hash(piece, 1, seed), phase = Noise.Hash(piece, 2, seed);
        float warp = Noise.Octaves(u, v, 6, 3, 3, seed) * 0.35f;
        float rings = MathF.Sin((across * 2.2f + warp * 3 + phase * 9 + 1.4f * Noise.Smooth(u * 24, v * 3 + 0, 24, 3, seed + 4)) * MathF.PI * 2);
        float grain = Noise.Octaves(u, v, 128, 6, 3, seed + 9, 0.7f);
        float knot = Knots(u, v, seed);
        float m = 0.25f + 0.42f * tone + 0.1f * rings + 0.16f * grain;
        var c = Vector3.Lerp(dark, light, Math.Clamp(m, 0, 1)) * (1 - 0.55f * knot);
        float edgeU = MathF.Min(across - board, board + 1 - across) / Boards, cut = along - MathF.Floor(along), edgeV = MathF.Min(cut, 1 - cut) / Cuts;
        return c * (0.35f + 0.65f * Step(0.0006f, 0.0022f, edgeU)) * (0.4f + 0.6f * Step(0.0004f, 0.0016f, edgeV));
    });

    /// <summary>Brickwork in running bond: eight bricks by twenty-four courses.</summary>
    public static Lazy<Texture> Bricks(Vector3 dark, Vector3 light, Vector3 mortar, int seed) => Make(10, (u, v) =>
    {
        const int Across = 8, Courses = 24;
        float wobbleU = 0.0022f * Noise.Octaves(u, v, 32, 32, 2, seed), wobbleV = 0.0022f * Noise.Octaves(u, v, 32, 32, 2, seed + 1);
        float y = (v + wobbleV) * Courses;
        int course = (int)MathF.Floor(y);
        float x = (u + wobbleU) * Across + (course & 1) * 0.5f;
        int brick = ((int)MathF.Floor(x) + Across) % Across;
        course = (course + Courses) % Courses;
        float bx = x - MathF.Floor(x), by = y - MathF.Floor(y);
        float edge = MathF.Min(MathF.Min(bx, 1 - bx) * 3, MathF.Min(by, 1 - by));
        float tone = Noise.Hash(brick, course, seed), hue = Noise.Hash(brick, course, seed + 2);
        float fine = Noise.Octaves(u, v, 48, 48, 4, seed + 5, 0.75f), pits = Step(0.35f, 0.75f, Noise.Octaves(u, v, 96, 96, 2, seed + 8));
        var face = Vector3.Lerp(dark, light, Math.Clamp(0.1f + 0.75f * tone + 0.2f * fine, 0, 1)) * (1 - 0.3f * pits);
        face += new Vector3(0.05f, 0.01f, -0.02f) * (hue - 0.5f) * 2;
        var joint = mortar * (0.9f + 0.16f * fine);
        return Vector3.Lerp(joint, face, Step(0.06f, 0.15f, edge));
    });

    /// <summary>Plaster with stains, trowel marks and grain.</summary>
    public static Lazy<Texture> Plaster(Vector3 color, float contrast, int seed) => Make(9, (u, v) =>
    {
        float stain = Noise.Octaves(u, v, 3, 3, 5, seed, 0.62f), trowel = Noise.Octaves(u, v, 10, 34, 3, seed + 20, 0.7f);
        float grain = Noise.Octaves(u, v, 90, 90, 2, seed + 40, 0.8f);
        return color * (1 + contrast * (0.55f * stain + 0.4f * trowel + 0.45f * grain));
    });

    /// <summary>Printed wallpaper: a leaf lattice on aged paper.</summary>
    public static Lazy<Texture> Wallpaper(Vector3 paper, Vector3 print, int seed) => Make(10, (u, v) =>
    {
        const int Repeat = 4;
        float x = u * Repeat, y = v * Repeat;
        int column = (int)MathF.Floor(x);
        y += (column & 1) * 0.5f;
        float px = x - MathF.Floor(x) - 0.5f, py = y - MathF.Floor(y) - 0.5f;
        float radius = MathF.Sqrt(px * px + py * py * 0.55f), angle = MathF.Atan2(py * 0.74f, px);
        float petals = 0.23f + 0.13f * MathF.Cos(6 * angle) + 0.05f * MathF.Cos(12 * angle + 1);
        float flower = Step(0.012f, -0.012f, radius - petals) * Step(0.03f, 0.055f, MathF.Abs(radius - petals * 0.55f));
        float vine = Step(0.035f, 0.015f, MathF.Abs(MathF.Abs(px) - 0.42f - 0.05f * MathF.Sin(4 * MathF.PI * (v * Repeat))));
        float leaf = Step(0.02f, -0.01f, MathF.Abs(px * 2.4f + MathF.Sin(py * 12.566f) * 0.5f) - 0.16f + MathF.Abs(py) * 0.3f) * Step(0.2f, 0.3f, MathF.Abs(py));
        float ink = Math.Clamp(MathF.Max(flower, MathF.Max(vine, 0.8f * leaf)), 0, 1) * (0.72f + 0.3f * Noise.Octaves(u, v, 40, 40, 3, seed, 0.8f));
        float age = Noise.Octaves(u, v, 3, 3, 6, seed + 30, 0.6f);
        var tint = Noise.Octaves(u, v, 8, 8, 2, seed + 60) * new Vector3(0.03f, 0.01f, -0.03f);
        return (Vector3.Lerp(paper, print, Math.Clamp(ink, 0, 1)) + tint) * (1 + 0.16f * age);
    });

    /// <summary>Woven cloth.</summary>
    public static Lazy<Texture> Cloth(Vector3 color, Vector3 accent, int seed) => Make(9, (u, v) =>
    {
        const int Threads = 96;
        float warp = MathF.Abs(MathF.Sin(u * Threads * MathF.PI)), weft = MathF.Abs(MathF.Sin(v * Threads * MathF.PI));
        float fleck = Noise.Octaves(u, v, 48, 48, 2, seed, 0.8f), fold = Noise.Octaves(u, v, 4, 4, 4, seed + 11, 0.6f);
        float stripe = Step(0.44f, 0.5f, MathF.Abs(Fraction(u * 6) - 0.5f) * Step(-0.2f, 0.3f, fleck + 0.3f));
        return Vector3.Lerp(color, accent, Math.Clamp(0.25f * fleck + 0.75f * stripe, 0, 1)) * (0.82f + 0.18f * warp * weft + 0.2f * fold + 0.16f * fleck);
    });

    /// <summary>Planed wood, grain along v.</summary>
    public static Lazy<Texture> Wood(Vector3 dark, Vector3 light, int seed) => Make(9, (u, v) =>
    {
        float warp = Noise.Octaves(u, v, 3, 2, 3, seed);
        float rings = 0.5f + 0.5f * MathF.Sin((u * 7 + warp * 0.9f) * MathF.PI * 2);
        float grain = Noise.Octaves(u, v, 90, 5, 3, seed + 8, 0.75f), blot = Noise.Octaves(u, v, 3, 3, 4, seed + 16);
        return Vector3.Lerp(dark, light, Math.Clamp(0.2f + 0.5f * rings + 0.28f * grain + 0.18f * blot, 0, 1)) * (1 - 0.4f * Knots(u, v, seed + 2));
    });

    /// <summary>A knotted rug to be stretched over a face: borders, medallions, pile.</summary>
    public static Lazy<Texture> Rug(int seed) => Make(10, (u, v) =>
    {
        // knots: the pattern is decided on a fine grid, as a weaver does
        const int Knots = 256;
        float ku = (MathF.Floor(u * Knots) + 0.5f) / Knots, kv = (MathF.Floor(v * Knots) + 0.5f) / Knots;
        float x = MathF.Abs(ku - 0.5f), y = MathF.Abs(kv - 0.5f), border = MathF.Min(0.5f - x, 0.5f - y);
        Vector3 red = new(0.52f, 0.13f, 0.12f), navy = new(0.12f, 0.16f, 0.32f), cream = new(0.85f, 0.76f, 0.6f), ochre = new(0.72f, 0.47f, 0.18f), teal = new(0.16f, 0.4f, 0.4f);
        Vector3 c;
        if (border < 0.02f) c = cream;
        else if (border < 0.035f) c = navy;
        else if (border < 0.115f)
        {
            float along = (x > y ? ku : kv) * 0 + (0.5f - x < 0.5f - y ? kv : ku);
            float zig = MathF.Abs(Fraction(along * 18) - 0.5f) * 2, place = (border - 0.035f) / 0.08f;
            c = MathF.Abs(place - 0.5f) < 0.34f * zig ? ochre : (Fraction(along * 9) < 0.5f ? teal : navy);
            if (MathF.Abs(place - 0.5f) < 0.12f * zig) c = cream;
        }
        else if (border < 0.135f) c = cream;
        else
        {
            float ring = MathF.Sqrt(x * x * 1.3f + y * y * 0.8f), lobes = MathF.Cos(8 * MathF.Atan2(y, x));
            float field = ring + 0.025f * lobes;
            c = field < 0.06f ? ochre : field < 0.1f ? cream : field < 0.17f ? navy : field < 0.185f ? ochre : red;
            var (near, _, cell) = Noise.Cells(x + 0.1f, y + 0.1f, 18, seed);
            if (field >= 0.185f && near < 0.3f) c = cell < 0.3f ? cream : cell < 0.55f ? navy : cell < 0.8f ? ochre : teal;
            if (field is > 0.1f and < 0.17f && near < 0.27f) c = cell < 0.5f ? cream : red;
        }
        float pile = Noise.Octaves(u, v, 200, 200, 2, seed + 4, 0.8f), wear = Noise.Octaves(u, v, 5, 5, 4, seed + 5, 0.6f);
        float abrash = Noise.Smooth(0.5f, v * 24, 1, 24, seed + 6);
        return c * (1 + 0.16f * pile + 0.14f * wear + 0.06f * abrash);
    });

    /// <summary>A painted landscape: sky, hills, water.</summary>
    public static Lazy<Texture> Landscape(int seed) => Make(9, (u, v) =>
    {
        float brush = Noise.Octaves(u, v, 30, 90, 3, seed, 0.7f);
        var sky = Vector3.Lerp(new(0.35f, 0.5f, 0.72f), new(0.97f, 0.8f, 0.58f), Math.Clamp(v * 2.1f, 0, 1));
        float cloud = Step(0.05f, 0.6f, Noise.Octaves(u, v, 3, 7, 5, seed + 1, 0.6f));
        var c = Vector3.Lerp(sky, new(0.98f, 0.93f, 0.88f), cloud * 0.8f);
        float sun = MathF.Sqrt((u - 0.68f) * (u - 0.68f) + (v - 0.36f) * (v - 0.36f));
        if (sun < 0.055f) c = new(1, 0.94f, 0.7f);
        for (int i = 0; i < 4; i++)
        {
            float line = 0.44f + 0.085f * i + (0.11f - 0.02f * i) * Noise.Octaves(u, 0.5f, 3 + i, 1, 5, seed + 10 + i, 0.5f);
            if (v > line) c = Vector3.Lerp(new(0.42f, 0.48f, 0.62f), new(0.13f, 0.24f, 0.14f), i / 3f) * (1 + 0.25f * Noise.Octaves(u, v, 16, 16, 3, seed + 20 + i));
        }
        if (v > 0.83f) c = Vector3.Lerp(new(0.3f, 0.42f, 0.55f), new(0.8f, 0.66f, 0.52f), Math.Clamp(0.5f + Noise.Octaves(u, v, 4, 40, 3, seed + 40), 0, 1));
        return c * (1 + 0.09f * brush);
    });

    /// <summary>An abstract painting: irregular panes of colour.</summary>
    public static Lazy<Texture> Mosaic(int seed) => Make(9, (u, v) =>
    {
        float bend = 0.04f * Noise.Octaves(u, v, 4, 4, 3, seed);
        var (near, second, cell) = Noise.Cells(u + bend, v - bend, 6, seed + 1);
        Vector3[] palette = [new(0.86f, 0.32f, 0.18f), new(0.95f, 0.75f, 0.3f), new(0.13f, 0.35f, 0.47f), new(0.9f, 0.87f, 0.78f), new(0.25f, 0.55f, 0.45f), new(0.2f, 0.16f, 0.22f)];
        var c = palette[(int)(cell * 5.999f)];
        float brush = Noise.Octaves(u, v, 60, 24, 3, seed + 2, 0.75f), line = Step(0.03f, 0.07f, second - near);
        return c * (1 + 0.14f * brush) * (0.25f + 0.75f * line);
    });

    /// <summary>The back of a row of books, to be stretched over one book.</summary>
    public static Lazy<Texture> Spine(Vector3 color, Vector3 print, int seed) => Make(7, (u, v) =>
    {
        float band = v is > 0.1f and < 0.13f or > 0.16f and < 0.175f or > 0.86f and < 0.89f ? 1 : 0;
        float letters = v is > 0.28f and < 0.7f && MathF.Abs(u - 0.5f) < 0.2f
            && Noise.Hash((int)(u * 6), (int)(v * 42), seed) > 0.42f ? 1 : 0;
        float grain = Noise.Octaves(u, v, 12, 40, 2, seed + 3, 0.7f), rub = MathF.Max(0, MathF.Abs(u - 0.5f) * 2 - 0.75f);
        return Vector3.Lerp(color, print, MathF.Max(band, letters) * 0.9f) * (1 + 0.15f * grain + 0.5f * rub);
    });

    /// <summary>Mottled skin of fruit, leaves, glaze and stone.</summary>
    public static Lazy<Texture> Mottle(Vector3 a, Vector3 b, int cells, int seed) => Make(8, (u, v) =>
    {
        float m = Noise.Octaves(u, v, cells, cells, 5, seed, 0.62f), dots = Noise.Octaves(u, v, 40, 40, 2, seed + 9);
        return Vector3.Lerp(a, b, Math.Clamp(0.5f + 0.55f * m, 0, 1)) * (1 + 0.12f * dots);
    });

    /// <summary>A garden through a window, out of focus.</summary>
    public static Lazy<Texture> Garden(int seed) => Make(8, (u, v) =>
    {
        float trees = 0.5f + 0.13f * Noise.Octaves(u, 0.3f, 4, 1, 3, seed, 0.55f), foliage = Noise.Octaves(u, v, 7, 7, 4, seed + 2, 0.6f);
        var sky = Vector3.Lerp(new(0.86f, 0.93f, 1), new(1, 0.99f, 0.95f), v);
        var green = Vector3.Lerp(new(0.3f, 0.42f, 0.2f), new(0.75f, 0.82f, 0.5f), Math.Clamp(0.5f + 0.6f * foliage, 0, 1));
        return Vector3.Lerp(sky, green, Step(-0.05f, 0.07f, v - trees + 0.05f * foliage));
    });

    /// <summary>One plain colour with a breath of grain.</summary>
    public static Lazy<Texture> Plain(Vector3 color, int seed) => Make(8, (u, v) =>
        color * (1 + 0.1f * Noise.Octaves(u, v, 8, 8, 5, seed, 0.75f)));

    /// <summary>A house front to be stretched over a face: a shop or rooms below, three floors of windows above.</summary>
    public static Lazy<Texture> Facade(Vector3 color, bool isBrick, int seed) => Make(9, (u, v) =>
    {
        const int Columns = 3, Floors = 3;
        float fine = Noise.Octaves(u, v, 64, 64, 3, seed, 0.75f), stain = Noise.Octaves(u, v, 4, 6, 5, seed + 1, 0.65f);
        var wall = color * (1 + 0.2f * stain + 0.16f * fine);
        if (isBrick)
        {
            const int Courses = 96, Bricks = 20;
            float y = v * Courses, x = u * Bricks + ((int)y & 1) * 0.5f;
            float edge = MathF.Min(MathF.Min(Fraction(x), 1 - Fraction(x)) * 2.4f, MathF.Min(Fraction(y), 1 - Fraction(y)));
            wall = Vector3.Lerp(new Vector3(0.7f, 0.67f, 0.62f), wall * (0.75f + 0.5f * Noise.Hash((int)x % Bricks, (int)y, seed)), Step(0.08f, 0.2f, edge));
        }
        float a = u * Columns, b = v * Floors;
        int column = (int)a, floor = (int)b;
        float px = MathF.Abs(a - column - 0.5f), py = b - floor - 0.5f;
        float wide = floor == Floors - 1 ? 0.38f : 0.26f, outside = MathF.Max(px - wide, MathF.Abs(py) - 0.33f);
        if (outside > 0.055f) return wall;
        var trim = new Vector3(0.86f, 0.84f, 0.78f) * (1 + 0.12f * fine) * (py > 0.33f ? 0.8f : 1);
        if (outside > 0 || MathF.Abs(px) < 0.018f || MathF.Abs(py + 0.05f) < 0.02f) return trim;
        // behind the pane: dusk, the reflection of a bright sky, perhaps a curtain
        int pane = column + Columns * floor;
        float cloud = Noise.Octaves(u, v, 9, 9, 4, seed + 5, 0.6f), sky = Step(0.1f, -0.3f, py + 0.25f * cloud);
        var glass = Vector3.Lerp(new(0.1f, 0.12f, 0.15f), new(0.55f, 0.65f, 0.75f), sky * 0.8f);
        if (Noise.Hash(pane, 1, seed) > 0.35f && px > wide * (0.3f + 0.5f * Noise.Hash(pane, 2, seed)))
            glass = new Vector3(0.75f, 0.68f, 0.55f) * (0.75f + 0.25f * MathF.Sin(u * 260)) * (0.8f + 0.3f * Noise.Hash(pane, 3, seed));
        return glass;
    });

    /// <summary>The side of a tram, to be stretched over it: a row of windows with people behind, a coloured band with lettering.</summary>
    public static Lazy<Texture> Carriage(Vector3 below, Vector3 above, int seed) => Make(9, (u, v) =>
    {
        float dirt = Noise.Octaves(u, v, 12, 4, 5, seed, 0.65f);
        var c = (v > 0.55f ? below : above) * (1 + 0.14f * dirt - 0.25f * Step(0.8f, 1f, v));
        if (MathF.Abs(v - 0.56f) < 0.012f) c = new(0.2f, 0.18f, 0.16f);
        float x = Fraction(u * 9), edge = MathF.Min(MathF.Min(x, 1 - x) - 0.06f, (0.17f - MathF.Abs(v - 0.33f)) * 2);
        if (edge > 0)
        {
            float heads = Noise.Cells(u, 0.3f, 24, seed + 2).Nearest;
            c = Vector3.Lerp(new(0.1f, 0.12f, 0.14f), new(0.5f, 0.58f, 0.66f), Math.Clamp(0.4f + 0.7f * Noise.Octaves(u, v, 14, 5, 3, seed + 3), 0, 1));
            if (heads < 0.3f && v > 0.36f) c = new Vector3(0.5f, 0.36f, 0.3f) * (0.6f + 0.7f * Noise.Hash((int)(u * 24), 3, seed));
            c *= 0.4f + 0.6f * Step(0, 0.02f, edge);
        }
        bool letters = v is > 0.66f and < 0.8f && Fraction(u * 3) is > 0.2f and < 0.75f && Noise.Hash((int)(u * 108), (int)(v * 64), seed) > 0.5f;
        return letters ? new Vector3(0.2f, 0.1f, 0.1f) : c;
    });

    /// <summary>Paving slabs, each a little different.</summary>
    public static Lazy<Texture> Paving(Vector3 dark, Vector3 light, int seed) => Make(9, (u, v) =>
    {
        const int Slabs = 5;
        float y = v * Slabs, x = u * Slabs + ((int)y & 1) * 0.5f;
        int a = (int)x % Slabs, b = (int)y;
        float edge = MathF.Min(MathF.Min(Fraction(x), 1 - Fraction(x)), MathF.Min(Fraction(y), 1 - Fraction(y)));
        float fine = Noise.Octaves(u, v, 40, 40, 4, seed, 0.8f), stain = Noise.Octaves(u, v, 6, 6, 4, seed + 1, 0.6f);
        var (near, _, cell) = Noise.Cells(u, v, 20, seed + 2);
        var c = Vector3.Lerp(dark, light, Math.Clamp(0.25f + 0.5f * Noise.Hash(a, b, seed) + 0.25f * fine + 0.2f * stain, 0, 1));
        if (cell > 0.8f) c *= 0.7f + 0.3f * Step(0.12f, 0.2f, near); // trodden gum
        return c * (0.45f + 0.55f * Step(0.01f, 0.03f, edge));
    });

    /// <summary>A summer sky with clouds, to be stretched over a face.</summary>
    public static Lazy<Texture> Sky(int seed) => Make(9, (u, v) =>
    {
        float cloud = Step(-0.1f, 0.7f, Noise.Octaves(u, v, 6, 6, 6, seed, 0.6f));
        return Vector3.Lerp(Vector3.Lerp(new(0.42f, 0.6f, 0.86f), new(0.75f, 0.83f, 0.92f), v), new(0.97f, 0.96f, 0.95f), cloud);
    });

    private static float Knots(float u, float v, int seed)
    {
        var (near, _, cell) = Noise.Cells(u, v * 0.5f, 6, seed + 77);
        return cell > 0.75f ? Step(0.09f, 0.03f, near) : 0;
    }

    private static float Fraction(float x) => x - MathF.Floor(x);

    private static float Step(float from, float to, float x)
    {
        float t = Math.Clamp((x - from) / (to - from), 0, 1);
        return t * t * (3 - 2 * t);
    }
}
