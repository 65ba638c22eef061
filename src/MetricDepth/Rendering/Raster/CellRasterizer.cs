namespace MetricDepth.Rendering.Raster;

/// <summary>
/// Draws the cells of a block into a tile: two triangles a cell, split from upper left to lower right. Where a triangle is missing
/// because the surface ends there, the pixels that remain keep their own half-pixel footprint: sideways where the
/// neighbour has no depth (across a tear there is none: edge pixels are usually mixed), up and down always, as a row of
/// <see cref="RowWarp"/> has its full height.
/// </summary>
internal static class CellRasterizer
{
    /// <summary>Draws all cells.</summary>
    public static void Draw(GridBlock block, RasterTile tile)
    {
        for (int j = 0; j < block.CellRows; j++)
            for (int i = 0; i < block.CellColumns; i++) DrawCell(block, tile, i, j);
    }

    private static void DrawCell(GridBlock block, RasterTile tile, int i, int j)
    {
        int at = j * GridBlock.Stride + i, below = at + GridBlock.Stride;
        bool hasA = block.Q[at] > 0, hasB = block.Q[at + 1] > 0, hasC = block.Q[below] > 0, hasD = block.Q[below + 1] > 0;
        if (!(hasA || hasB || hasC || hasD)) return;
        bool ab = hasA && hasB && block.TornRight[at] == 0, cd = hasC && hasD && block.TornRight[below] == 0;
        bool upper = ab && hasD && block.TornDown[at + 1] == 0, lower = cd && hasA && block.TornDown[at] == 0;
        bool alone = upper != lower;
        if (upper) tile.Draw(block.Vertex(i, j), block.Vertex(i + 1, j), block.Vertex(i + 1, j + 1), alone);
        if (lower) tile.Draw(block.Vertex(i, j), block.Vertex(i + 1, j + 1), block.Vertex(i, j + 1), alone);
        if (!upper)
        {
            if (ab) Quad(tile, block.Vertex(i, j), block.Vertex(i + 1, j), block.Beside(i + 1, j, 0, 0.5f), block.Beside(i, j, 0, 0.5f));
            else if (hasA && !hasB) Quad(tile, block.Vertex(i, j), block.Beside(i, j, 0.5f, 0), block.Beside(i, j, 0.5f, 0.5f), block.Beside(i, j, 0, 0.5f));
            else if (hasB && !hasA)
                Quad(tile, block.Beside(i + 1, j, -0.5f, 0), block.Vertex(i + 1, j), block.Beside(i + 1, j, 0, 0.5f), block.Beside(i + 1, j, -0.5f, 0.5f));
        }
        if (!lower)
        {
            if (cd) Quad(tile, block.Beside(i, j + 1, 0, -0.5f), block.Beside(i + 1, j + 1, 0, -0.5f), block.Vertex(i + 1, j + 1), block.Vertex(i, j + 1));
            else if (hasC && !hasD)
                Quad(tile, block.Beside(i, j + 1, 0, -0.5f), block.Beside(i, j + 1, 0.5f, -0.5f), block.Beside(i, j + 1, 0.5f, 0), block.Vertex(i, j + 1));
            else if (hasD && !hasC)
                Quad(tile, block.Beside(i + 1, j + 1, -0.5f, -0.5f), block.Beside(i + 1, j + 1, 0, -0.5f), block.Vertex(i + 1, j + 1), block.Beside(i + 1, j + 1, -0.5f, 0));
        }
    }

    private static void Quad(RasterTile tile, in RasterVertex upperLeft, in RasterVertex upperRight, in RasterVertex lowerRight, in RasterVertex lowerLeft)
    {
        tile.Draw(upperLeft, upperRight, lowerRight, alone: false);
        tile.Draw(upperLeft, lowerRight, lowerLeft, alone: false);
    }
}
