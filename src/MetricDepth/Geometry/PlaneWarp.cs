namespace MetricDepth.Geometry;

/// <summary>
/// Where a pixel of one frame lies in another, as a function of its inverse depth w: with <c>q = K R K⁻¹ (x, y, 1) + w K t</c> it is
/// <c>(q.x/q.z, q.y/q.z)</c>, and its depth there is its depth here times <c>q.z</c>.
/// </summary>
internal readonly struct PlaneWarp
{
    /// <summary>The columns of K R K⁻¹ and the vector K t.</summary>
    public readonly float Xx, Xy, Xc, Yx, Yy, Yc, Zx, Zy, Zc, Tx, Ty, Tz;

    /// <summary>The warp from <paramref name="from"/> to <paramref name="to"/>, both camera-to-world, of one camera.</summary>
    public PlaneWarp(Pose from, Pose to, Intrinsics k)
    {
        var p = to.Inverse * from;
        var (r, t) = p;
        // K⁻¹ (x, y, 1) = ((x - cx)/fx, (y - cy)/fy, 1)
        double ix = 1 / k.Fx, iy = 1 / k.Fy, ox = -k.Cx * ix, oy = -k.Cy * iy;
        Span<double> row = stackalloc double[12];
        Row(row[..4], r.M00, r.M01, r.M02, t.X, ix, iy, ox, oy);
        Row(row[4..8], r.M10, r.M11, r.M12, t.Y, ix, iy, ox, oy);
        Row(row[8..], r.M20, r.M21, r.M22, t.Z, ix, iy, ox, oy);
        (Zx, Zy, Zc, Tz) = ((float)row[8], (float)row[9], (float)row[10], (float)row[11]);
        Xx = (float)(k.Fx * row[0] + k.Cx * row[8]);
        Xy = (float)(k.Fx * row[1] + k.Cx * row[9]);
        Xc = (float)(k.Fx * row[2] + k.Cx * row[10]);
        Tx = (float)(k.Fx * row[3] + k.Cx * row[11]);
        Yx = (float)(k.Fy * row[4] + k.Cy * row[8]);
        Yy = (float)(k.Fy * row[5] + k.Cy * row[9]);
        Yc = (float)(k.Fy * row[6] + k.Cy * row[10]);
        Ty = (float)(k.Fy * row[7] + k.Cy * row[11]);

        static void Row(Span<double> o, double a, double b, double c, double t, double ix, double iy, double ox, double oy)
        {
            o[0] = a * ix;
            o[1] = b * iy;
            o[2] = a * ox + b * oy + c;
            o[3] = t;
        }
    }

    /// <summary>The pixel in the other frame and the ratio of depth there to depth here.</summary>
    public (float U, float V, float DepthRatio) Project(float x, float y, float inverseDepth)
    {
        float z = Zx * x + Zy * y + Zc + inverseDepth * Tz;
        float n = 1 / z;
        return ((Xx * x + Xy * y + Xc + inverseDepth * Tx) * n, (Yx * x + Yy * y + Yc + inverseDepth * Ty) * n, z);
    }
}
