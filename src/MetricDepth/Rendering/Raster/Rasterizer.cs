using MetricDepth.Geometry;

namespace MetricDepth.Rendering.Raster;

/// <summary>
/// The general path of DESIGN §7: draws the surface through the pixels of a source frame as any viewer sees it. Blocks of the
/// depth grid are projected once to learn where on the screen they lie, then again by every tile they touch: that is cheaper than
/// keeping the projected grid. Scratch is the instance's own, so it draws one frame at a time; what it draws does not depend on the
/// number of threads.
/// </summary>
/// <param name="threads">Threads to draw a frame with; 1 where frames are drawn side by side already.</param>
internal sealed class Rasterizer(int threads = 1)
{
    private readonly Worker[] _workers = [.. Enumerable.Range(0, Math.Max(1, threads)).Select(_ => new Worker())];
    private readonly SourceColors _colors = new();
    private ScreenBounds[] _bounds = [];
    private int _next;

    /// <summary>Draws a frame.</summary>
    /// <param name="source">The frame.</param>
    /// <param name="camera">Its camera, of the frame's size.</param>
    /// <param name="sourceToView">Its axes to those of the viewer.</param>
    /// <param name="projection">The viewer's picture.</param>
    /// <param name="view">Receives colour, inverse depth and holes; of the projection's size.</param>
    public void Draw(SourceImage source, Intrinsics camera, Pose sourceToView, Projection projection, ViewImage view)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(view.Width, projection.Width);
        ArgumentOutOfRangeException.ThrowIfNotEqual(view.Height, projection.Height);
        int across = GridBlock.Across(source.Width), down = GridBlock.Down(source.Height);
        if (_bounds.Length < across * down) _bounds = new ScreenBounds[across * down];
        _colors.Load(source, camera, projection);
        var rays = new SourceRays(camera, sourceToView);
        foreach (var worker in _workers) worker.Block.Use(source, rays, projection);

        Share(down, (worker, row) =>
        {
            for (int column = 0; column < across; column++)
            {
                worker.Block.Load(column, row);
                _bounds[row * across + column] = worker.Block.Bounds();
            }
        });
        int tilesAcross = (view.Width + RasterTile.Width - 1) / RasterTile.Width, tilesDown = (view.Height + RasterTile.Height - 1) / RasterTile.Height;
        Share(tilesAcross * tilesDown, (worker, index) =>
        {
            var tile = worker.Tile;
            tile.Begin(projection, index % tilesAcross * RasterTile.Width, index / tilesAcross * RasterTile.Height);
            for (int block = 0; block < across * down; block++)
            {
                if (!_bounds[block].Touches(tile.Left, tile.Top, tile.Right, tile.Bottom)) continue;
                worker.Block.Load(block % across, block / across);
                CellRasterizer.Draw(worker.Block, tile);
            }
            TileResolve.Run(tile, _colors, view);
        });
    }

    private void Share(int items, Action<Worker, int> work)
    {
        _next = 0;
        if (_workers.Length == 1) Work(_workers[0]);
        else Parallel.ForEach(_workers, new() { MaxDegreeOfParallelism = _workers.Length }, Work);

        void Work(Worker worker)
        {
            for (int item; (item = Interlocked.Increment(ref _next) - 1) < items;) work(worker, item);
        }
    }

    private sealed class Worker
    {
        public GridBlock Block { get; } = new();

        public RasterTile Tile { get; } = new();
    }
}
