namespace MetricDepth.Rendering.Raster;

/// <summary>
/// Draws one cell of any size, or what there is of it. Where a triangle is missing because the surface ends there, the pixels that
/// remain keep their own footprint: sideways half a pixel where the neighbour has no depth, up to the tear where there is one
/// (none where mixed edge pixels are left as they are), up and down half a pixel always, as a row of <see cref="RowWarp"/> has its full height.
/// </summary>
internal static class CellFragment
{
    /// <summary>Draws a cell.</summary>
    /// <param name="block">Where it is from.</param>
    /// <param name="tile">What it is drawn into.</param>
    /// <param name="i">Its column in the block.</param>
    /// <param name="j">Its row in the block.</param>
    public static void Draw(GridBlock block, RasterTile tile, int i, int j)
    {
        int at = j * GridBlock.Stride + i, below = at + GridBlock.Stride;
        bool hasA = block.Q[at] > 0, hasB = block.Q[at + 1] > 0, hasC = block.Q[below] > 0, hasD = block.Q[below + 1] > 0;
        bool ab = hasA && hasB && block.TornRight[at] == 0, cd = hasC && hasD && block.TornRight[below] == 0;
        bool upper = ab && hasD && block.TornDown[at + 1] == 0, lower = cd && hasA && block.TornDown[at] == 0;
        bool alone = upper != lower;
        if (upper) tile.Draw(block.Vertex(i, j), block.Vertex(i + 1, j), block.Vertex(i + 1, j + 1), alone);
        else if (ab) Quad(tile, block.Vertex(i, j), block.Vertex(i + 1, j), block.Beside(i + 1, j, 0, 0.5f), block.Beside(i, j, 0, 0.5f));
        else Corners(block, tile, i, j, 0.5f, Reach(hasA, hasB, block.TornRight[at]));

        if (lower) tile.Draw(block.Vertex(i, j), block.Vertex(i + 1, j + 1), block.Vertex(i, j + 1), alone);
        else if (cd) Quad(tile, block.Beside(i, j + 1, 0, -0.5f), block.Beside(i + 1, j + 1, 0, -0.5f), block.Vertex(i + 1, j + 1), block.Vertex(i, j + 1));
        else Corners(block, tile, i, j + 1, -0.5f, Reach(hasC, hasD, block.TornRight[below]));
    }

    // How far the surface goes on to the right of one pixel and to the left of the next, px.
    private static (float Right, float Left) Reach(bool left, bool right, byte torn) =>
        left != right ? (left ? 0.5f : 0, right ? 0.5f : 0)
        : left && torn is not (0 or SourceImage.TornAtCentres) ? (SourceImage.Place(torn), 1 - SourceImage.Place(torn))
        : (0, 0);

    private static void Corners(GridBlock block, RasterTile tile, int i, int j, float dy, (float Right, float Left) reach)
    {
        if (reach.Right > 0) Corner(block, tile, i, j, reach.Right, dy);
        if (reach.Left > 0) Corner(block, tile, i + 1, j, -reach.Left, dy);
    }

    // A part of a pixel, towards the middle of the cell.
    private static void Corner(GridBlock block, RasterTile tile, int i, int j, float dx, float dy)
    {
        var (corner, side) = (block.Vertex(i, j), block.Beside(i, j, dx, 0));
        var (far, end) = (block.Beside(i, j, dx, dy), block.Beside(i, j, 0, dy));
        if (dx * dy > 0) Quad(tile, corner, side, far, end);
        else Quad(tile, side, corner, end, far);
    }

    // Clockwise on the screen.
    private static void Quad(RasterTile tile, in RasterVertex a, in RasterVertex b, in RasterVertex c, in RasterVertex d)
    {
        tile.Draw(a, b, c, alone: false);
        tile.Draw(a, c, d, alone: false);
    }
}
