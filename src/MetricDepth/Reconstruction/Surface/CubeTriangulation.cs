namespace MetricDepth.Reconstruction.Surface;

/// <summary>
/// The triangles that separate the negative corners of a cube from the others, for each of the 256 cases (Lorensen and Cline, "Marching
/// Cubes", 1987). Made by rule: on each face of the cube, a line runs round each chain of corners that are not negative; the lines of
/// six faces join to loops, and loops are cut into triangles. What happens on a face depends on its own corners only, so neighbouring cubes fit
/// together without gaps (the ambiguity of the original cases; Montani, Scateni, Scopigno, "A modified look-up table for implicit
/// disambiguation of Marching Cubes", 1994, settles it in the same way).
/// <para>
/// Corner <c>i</c> is at x = bit 0, y = bit 1, z = bit 2 of <c>i</c>. Edge <c>4 a + k</c> runs along axis <c>a</c>; the bits of <c>k</c> are its
/// places on the two other axes, the lower axis first.
/// </para>
/// </summary>
internal static class CubeTriangulation
{
    private static readonly byte[][] Cases = [.. Enumerable.Range(0, 256).Select(Triangulate)];

    /// <summary>Three edges for each triangle, counter-clockwise seen from the side that is not negative.</summary>
    /// <param name="negative">Bit <c>i</c> is set where corner <c>i</c> is negative.</param>
    public static ReadOnlySpan<byte> Triangles(int negative) => Cases[negative];

    /// <summary>Where an edge lies: its axis, and the corner that it starts from.</summary>
    public static (int Axis, int Corner) Edge(int edge)
    {
        int axis = edge >> 2, lower = axis == 0 ? 1 : 0, upper = axis == 2 ? 1 : 2;
        return (axis, (edge & 1) << lower | ((edge >> 1) & 1) << upper);
    }

    /// <summary>Whether two edges lie in one face of the cube.</summary>
    internal static bool ShareFace(int a, int b)
    {
        var (axisA, cornerA) = Edge(a);
        var (axisB, cornerB) = Edge(b);
        for (int axis = 0; axis < 3; axis++)
            if (axis != axisA && axis != axisB && ((cornerA ^ cornerB) >> axis & 1) == 0) return true;
        return false;
    }

    private static byte[] Triangulate(int negative)
    {
        var next = new int[12];
        Array.Fill(next, -1);
        for (int axis = 0; axis < 3; axis++)
            for (int side = 0; side < 2; side++) Trace(negative, axis, side, next);
        var triangles = new List<byte>();
        for (int start = 0; start < 12; start++)
        {
            var loop = new List<int>();
            for (int edge = start; next[edge] >= 0;)
            {
                loop.Add(edge);
                (next[edge], edge) = (-1, next[edge]);
            }
            if (loop.Count > 0 && !Cut(loop, triangles)) throw new InvalidOperationException("A loop cannot be cut into triangles.");
        }
        return [.. triangles];
    }

    /// <summary>The lines on one face, as the edge that follows each edge.</summary>
    private static void Trace(int negative, int axis, int side, int[] next)
    {
        // corners in turn, seen from inside the cube counter-clockwise
        int u = 1 << (axis + 1) % 3, v = 1 << (axis + 2) % 3, at = side << axis;
        int[] corners = side == 0 ? [at, at | u, at | u | v, at | v] : [at, at | v, at | u | v, at | u];
        for (int i = 0; i < 4; i++)
        {
            if (!IsNegative(i) || IsNegative(i + 1)) continue;
            int last = i + 1;
            while (!IsNegative(last + 1)) last++;
            next[EdgeBetween(corners[i], corners[(i + 1) % 4])] = EdgeBetween(corners[last % 4], corners[(last + 1) % 4]);
        }

        bool IsNegative(int corner) => (negative >> corners[corner % 4] & 1) != 0;
    }

    private static int EdgeBetween(int a, int b)
    {
        int axis = (a ^ b) switch { 1 => 0, 2 => 1, _ => 2 }, corner = a & b;
        int lower = axis == 0 ? 1 : 0, upper = axis == 2 ? 1 : 2;
        return 4 * axis + (corner >> lower & 1) + 2 * (corner >> upper & 1);
    }

    /// <summary>
    /// Cuts ears off until three edges are left. A cut must not run within a face: the neighbour's could run there too, and four
    /// triangles would meet in it.
    /// </summary>
    private static bool Cut(List<int> loop, List<byte> triangles)
    {
        if (loop.Count == 3)
        {
            triangles.AddRange(loop.Select(e => (byte)e));
            return true;
        }
        for (int i = 0; i < loop.Count; i++)
        {
            int before = loop[(i + loop.Count - 1) % loop.Count], after = loop[(i + 1) % loop.Count];
            if (ShareFace(before, after)) continue;
            int count = triangles.Count;
            triangles.AddRange([(byte)before, (byte)loop[i], (byte)after]);
            if (Cut([.. loop.Where((_, n) => n != i)], triangles)) return true;
            triangles.RemoveRange(count, triangles.Count - count);
        }
        return false;
    }
}
