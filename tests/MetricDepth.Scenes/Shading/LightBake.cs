using System.Numerics;
using System.Runtime.Intrinsics;
using MetricDepth.Scenes.Tracing;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Scenes.Shading;

/// <summary>
/// Works out the light on every face once, before any frame is drawn: soft shadows by rays to the lights, then light passed from
/// surface to surface by rays into the hemisphere (on a grid four times as coarse, since it varies slowly).
/// </summary>
internal sealed class LightBake
{
    private const int CoarseStep = 4;
    private const int HemisphereRays = 96;
    private readonly IReadOnlyList<Solid> _solids;
    private readonly Hierarchy _all, _casters;
    private readonly Lights _lights;

    private LightBake(IReadOnlyList<Solid> solids, Lights lights)
    {
        _solids = solids;
        _lights = lights;
        _all = new(solids, _ => true);
        _casters = new(solids, s => s.CastsShadow);
    }

    public static void Run(IReadOnlyList<Solid> solids, Lights lights)
    {
        var bake = new LightBake(solids, lights);
        foreach (var s in solids)
            s.Light = Enumerable.Range(0, s.FaceCount).Select(f => Grid(s, f, s.MaterialOf(f).LightTexel)).ToArray();
        bake.ForEachTexel(s => s.Light, (p, n) => bake.Direct(p, n) + lights.Ambient);
        var direct = solids.Select(s => s.Light).ToArray();
        for (int bounce = 0; bounce < lights.Bounces; bounce++)
        {
            var passed = solids.Select(s => Enumerable.Range(0, s.FaceCount)
                .Select(f => Grid(s, f, CoarseStep * s.MaterialOf(f).LightTexel)).ToArray()).ToArray();
            var index = solids.Select((s, i) => (s, i)).ToDictionary(e => e.s, e => e.i);
            bake.ForEachTexel(s => passed[index[s]], bake.Passed);
            for (int i = 0; i < solids.Count; i++)
                solids[i].Light = direct[i].Select((map, f) => Sum(map, passed[i][f])).ToArray();
        }
    }

    private static LightMap Grid(Solid s, int face, double texel)
    {
        var p = s.At(face, s.UnitPoint(face, 0.37, 0.41));
        return new(Math.Clamp((int)Math.Ceiling(p.SizeU / texel), 2, 512), Math.Clamp((int)Math.Ceiling(p.SizeV / texel), 2, 512));
    }

    private static LightMap Sum(LightMap fine, LightMap coarse)
    {
        var sum = new LightMap(fine.Width, fine.Height);
        for (int y = 0; y < fine.Height; y++)
            for (int x = 0; x < fine.Width; x++)
                sum.Data[y * fine.Width + x] = fine.Data[y * fine.Width + x] + coarse.Sample((x + 0.5) / fine.Width, (y + 0.5) / fine.Height);
        return sum;
    }

    private void ForEachTexel(Func<Solid, LightMap[]> maps, Func<Vector3, Vector3, Vector4> light)
    {
        var rows = new List<(Solid, int Face, LightMap, int Row)>();
        foreach (var s in _solids)
        {
            var faces = maps(s);
            for (int f = 0; f < faces.Length; f++)
                for (int y = 0; y < faces[f].Height; y++) rows.Add((s, f, faces[f], y));
        }
        Parallel.ForEach(rows, row =>
        {
            var (s, face, map, y) = row;
            for (int x = 0; x < map.Width; x++)
            {
                var q = s.UnitPoint(face, (x + 0.5) / map.Width, (y + 0.5) / map.Height);
                var n = s.At(face, q).Normal;
                var p = s.Center + s.Axes * new Vector3(q.X * s.Half.X, q.Y * s.Half.Y, q.Z * s.Half.Z) + n * 2e-3;
                map.Data[y * map.Width + x] = light(p, n);
            }
        });
    }

    private Vector4 Direct(Vector3 p, Vector3 n)
    {
        var sum = Vector4.Zero;
        Span<float> x = stackalloc float[8], y = stackalloc float[8], z = stackalloc float[8];
        Span<Vector4> strength = stackalloc Vector4[8];
        int lanes = 0;
        foreach (var light in _lights.Samples)
        {
            var d = light.Position - p;
            double r2 = Vector3.Dot(d, d), cos = Vector3.Dot(d, n);
            if (cos <= 0) continue;
            double cosLight = light.Normal is { } m ? -Vector3.Dot(d, m) : Math.Sqrt(r2);
            if (cosLight <= 0) continue;
            (x[lanes], y[lanes], z[lanes]) = ((float)d.X, (float)d.Y, (float)d.Z);
            strength[lanes++] = light.Power * (float)(cos * cosLight / (Math.Max(r2, 1e-3) * Math.Max(r2, 1e-3) * Math.PI));
            if (lanes == 8) sum += Unshadowed(p, x, y, z, strength, ref lanes);
        }
        if (_lights.Sun is { } sun && Vector3.Dot(sun.ToSun, n) > 0)
        {
            var side = Vector3.Cross(sun.ToSun, new(0, 1, 0)).Normalized;
            var up = Vector3.Cross(side, sun.ToSun);
            var normal = Vector3.Cross(sun.HalfU, sun.HalfV).Normalized;
            const int Rays = 32;
            for (int i = 0; i < Rays; i++)
            {
                double r = Math.Sqrt((i + 0.5) / Rays) * sun.Blur, a = i * 2.399963;
                var d = sun.ToSun + side * (r * Math.Cos(a)) + up * (r * Math.Sin(a));
                double t = Vector3.Dot(sun.Center - p, normal) / Vector3.Dot(d, normal);
                if (!(t > 0)) continue;
                var at = p + d * t - sun.Center;
                if (Math.Abs(Vector3.Dot(at, sun.HalfU)) > Vector3.Dot(sun.HalfU, sun.HalfU)
                    || Math.Abs(Vector3.Dot(at, sun.HalfV)) > Vector3.Dot(sun.HalfV, sun.HalfV)) continue;
                d *= t;
                (x[lanes], y[lanes], z[lanes]) = ((float)d.X, (float)d.Y, (float)d.Z);
                strength[lanes++] = sun.Irradiance * (float)(Vector3.Dot(sun.ToSun, n) / Rays);
                if (lanes == 8) sum += Unshadowed(p, x, y, z, strength, ref lanes);
            }
        }
        return lanes > 0 ? sum + Unshadowed(p, x, y, z, strength, ref lanes) : sum;
    }

    private Vector4 Unshadowed(Vector3 p, Span<float> x, Span<float> y, Span<float> z, Span<Vector4> strength, ref int lanes)
    {
        for (int i = lanes; i < 8; i++) (x[i], y[i], z[i]) = (1, 1, 1);
        var dx = Vector256.Create<float>(x);
        var dy = Vector256.Create<float>(y);
        var dz = Vector256.Create<float>(z);
        var t = Vector256.Create(0.999f);
        var id = Vector256.Create(-1);
        _casters.Nearest(p, dx, dy, dz, ref t, ref id);
        uint bits = Vector256.ExtractMostSignificantBits(Vector256.GreaterThanOrEqual(id, Vector256<int>.Zero));
        var sum = Vector4.Zero;
        for (int i = 0; i < lanes; i++)
            if ((bits >> i & 1) == 0) sum += strength[i];
        lanes = 0;
        return sum;
    }

    /// <summary>Light that other surfaces pass on to p: the mean over cosine-weighted directions of what leaves the surface hit.</summary>
    private Vector4 Passed(Vector3 p, Vector3 n)
    {
        var side = Vector3.Cross(n, Math.Abs(n.Y) < 0.9 ? new(0, 1, 0) : new(1, 0, 0)).Normalized;
        var up = Vector3.Cross(n, side);
        Span<float> x = stackalloc float[8], y = stackalloc float[8], z = stackalloc float[8];
        var sum = Vector4.Zero;
        for (int first = 0; first < HemisphereRays; first += 8)
        {
            for (int i = 0; i < 8; i++)
            {
                int k = first + i;
                double r = Math.Sqrt((k + 0.5) / HemisphereRays), a = k * 2.399963;
                var d = side * (r * Math.Cos(a)) + up * (r * Math.Sin(a)) + n * Math.Sqrt(1 - r * r);
                (x[i], y[i], z[i]) = ((float)d.X, (float)d.Y, (float)d.Z);
            }
            var dx = Vector256.Create<float>(x);
            var dy = Vector256.Create<float>(y);
            var dz = Vector256.Create<float>(z);
            var best = Vector256.Create(float.PositiveInfinity);
            var id = Vector256.Create(-1);
            _all.Nearest(p, dx, dy, dz, ref best, ref id);
            for (int i = 0; i < 8; i++)
            {
                if (id[i] < 0) continue;
                var s = _solids[id[i] >> 3];
                int face = id[i] & 7;
                var material = s.MaterialOf(face);
                if (material.Emission > 0) continue; // it is a light, and was counted as one
                var q = s.ToUnit(p - s.Center + new Vector3(x[i], y[i], z[i]) * best[i]);
                var at = s.At(face, q);
                sum += material.MeanColor * s.Light[face].Sample(at.S, at.T);
            }
        }
        return sum * (1f / HemisphereRays);
    }
}
