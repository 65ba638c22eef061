namespace MetricDepth.Rendering.Raster;

/// <summary>
/// Draws one cell of any size, or what there is of it. Where a triangle is missing because the surface ends there, what remains of it
/// reaches up to the tear, or half a pixel towards a neighbour without depth: as a strip along an edge of the cell that is whole,
/// else as the corner of a single pixel. Across a tear at the centres nothing is reached sideways, as on the fast path; up and down
/// a row of the fast path has its full height, and so it has here.
/// </summary>
internal readonly ref struct CellFragment
{
    private const float Half = 0.5f, Least = 1f / 32;

    private readonly GridBlock _block;
    private readonly RasterTile _tile;
    private readonly int _i, _j, _at, _below;
    // Corners: a b above, c d below; whether they are seen, and whether the surface is whole between two.
    private readonly bool _hasA, _hasB, _hasC, _hasD, _ab, _cd, _ac, _bd;

    private CellFragment(GridBlock block, RasterTile tile, int i, int j)
    {
        (_block, _tile, _i, _j) = (block, tile, i, j);
        _at = j * GridBlock.Stride + i;
        _below = _at + GridBlock.Stride;
        (_hasA, _hasB, _hasC, _hasD) = (block.Q[_at] > 0, block.Q[_at + 1] > 0, block.Q[_below] > 0, block.Q[_below + 1] > 0);
        _ab = _hasA && _hasB && block.TornRight[_at] == 0;
        _cd = _hasC && _hasD && block.TornRight[_below] == 0;
        _ac = _hasA && _hasC && block.TornDown[_at] == 0;
        _bd = _hasB && _hasD && block.TornDown[_at + 1] == 0;
    }

    /// <summary>Draws a cell.</summary>
    /// <param name="block">Where it is from.</param>
    /// <param name="tile">What it is drawn into.</param>
    /// <param name="i">Its column in the block.</param>
    /// <param name="j">Its row in the block.</param>
    public static void Draw(GridBlock block, RasterTile tile, int i, int j) => new CellFragment(block, tile, i, j).Draw();

    private void Draw()
    {
        bool upper = _ab && _bd, lower = _ac && _cd;
        if (upper) _tile.Draw(Corner(0, 0), Corner(1, 0), Corner(1, 1), alone: !lower);
        if (lower) _tile.Draw(Corner(0, 0), Corner(1, 1), Corner(0, 1), alone: !upper);
        if (upper && lower) return;
        if (!upper && _ab) Quad(Corner(0, 0), Corner(1, 0), Beside(1, 0, 0, DownFrom(1)), Beside(0, 0, 0, DownFrom(0)));
        if (!upper && _bd) Quad(Beside(1, 0, -LeftFrom(0), 0), Corner(1, 0), Corner(1, 1), Beside(1, 1, -LeftFrom(1), 0));
        if (!lower && _ac) Quad(Corner(0, 0), Beside(0, 0, RightFrom(0), 0), Beside(0, 1, RightFrom(1), 0), Corner(0, 1));
        if (!lower && _cd) Quad(Beside(0, 1, 0, -UpFrom(0)), Beside(1, 1, 0, -UpFrom(1)), Corner(1, 1), Corner(0, 1));
        if (_hasA && !(!upper && _ab) && !(!lower && _ac)) Patch(0, 0, RightFrom(0), DownFrom(0));
        if (_hasB && !upper && !_ab && !_bd) Patch(1, 0, -LeftFrom(0), DownFrom(1));
        if (_hasC && !lower && !_ac && !_cd) Patch(0, 1, RightFrom(1), -UpFrom(0));
        if (_hasD && !(!upper && _bd) && !(!lower && _cd)) Patch(1, 1, -LeftFrom(1), -UpFrom(1));
    }

    // How far the left corner of the cell's upper (0) or lower (1) edge reaches right, px in the source; and so on.
    private float RightFrom(int row) => row == 0 ? Reach(_block.TornRight[_at], _hasB, first: true, 0) : Reach(_block.TornRight[_below], _hasD, first: true, 0);

    private float LeftFrom(int row) => row == 0 ? Reach(_block.TornRight[_at], _hasA, first: false, 0) : Reach(_block.TornRight[_below], _hasC, first: false, 0);

    private float DownFrom(int column) => column == 0 ? Reach(_block.TornDown[_at], _hasC, first: true, Half) : Reach(_block.TornDown[_at + 1], _hasD, first: true, Half);

    private float UpFrom(int column) => column == 0 ? Reach(_block.TornDown[_at], _hasA, first: false, Half) : Reach(_block.TornDown[_at + 1], _hasB, first: false, Half);

    private static float Reach(byte torn, bool hasOther, bool first, float atCentres)
    {
        if (torn == 0 || !hasOther) return Half;
        if (torn == SourceImage.TornAtCentres) return atCentres;
        // Not nothing: a row of pixels on the last line of a surface belongs to it.
        float place = Math.Clamp(SourceImage.Place(torn), Least, 1 - Least);
        return first ? place : 1 - place;
    }

    private RasterVertex Corner(int right, int down) => _block.Vertex(_i + right, _j + down);

    private RasterVertex Beside(int right, int down, float dx, float dy) => _block.Beside(_i + right, _j + down, dx, dy);

    // A part of one pixel, from its centre towards the middle of the cell.
    private void Patch(int right, int down, float dx, float dy)
    {
        var (corner, side) = (Corner(right, down), Beside(right, down, dx, 0));
        var (far, end) = (Beside(right, down, dx, dy), Beside(right, down, 0, dy));
        if (right == down) Quad(corner, side, far, end);
        else Quad(side, corner, end, far);
    }

    // Clockwise on the screen.
    private void Quad(in RasterVertex a, in RasterVertex b, in RasterVertex c, in RasterVertex d)
    {
        _tile.Draw(a, b, c, alone: false);
        _tile.Draw(a, c, d, alone: false);
    }
}
