using System.Runtime.InteropServices;
using MetricDepth.Imaging;

namespace MetricDepth.Rendering.Filling;

/// <summary>
/// Assumes a depth for pixels whose depth is not known (a sensor's shadows, gloss and borders): that of the known pixels around of
/// like colour, the farther ones before the nearer, because a sensor loses the background beside a foreground edge. Their own
/// colours are then drawn there, which no filling from elsewhere can match. One instance per worker.
/// </summary>
internal sealed class DepthCompletion
{
    // A guess is smooth: a grid of about this width holds it, whatever the size of the picture.
    private const int GridWidth = 640;

    // Colour difference at which neighbours stop belonging together.
    private const float ColorRange = 8;

    // How far known depth reaches, in cells: what is near decides wherever there is something near.
    private const float NearReach = 12, FarReach = 120, NearShare = 50;

    // A frame without any depth is shown flat, this far away.
    private const float FlatInverseDepth = 0.01f;

    private readonly int _width, _height, _step;
    private readonly Plane<uint> _guide;
    private readonly Plane<float> _sum, _weight, _nearSum, _nearWeight;
    private readonly EdgeAwareSmoother _smoother;

    /// <summary>Makes the grid for pictures of one size.</summary>
    public DepthCompletion(int width, int height)
    {
        (_width, _height) = (width, height);
        _step = (width + GridWidth - 1) / GridWidth;
        int columns = (width + _step - 1) / _step, rows = (height + _step - 1) / _step;
        _guide = new(columns, rows);
        (_sum, _weight, _nearSum, _nearWeight) = (new(columns, rows), new(columns, rows), new(columns, rows), new(columns, rows));
        _smoother = new(columns, rows);
    }

    /// <summary>Whether a frame, or a part of it, needs completing.</summary>
    public static bool IsNeeded(ReadOnlySpan<float> inverseDepth) =>
        MemoryMarshal.Cast<float, int>(inverseDepth).Contains(0); // whole numbers are searched many at a time

    /// <summary>Gives every pixel of the frame an inverse depth; known ones keep theirs.</summary>
    public void Complete(SourceImage source)
    {
        if (!Gather(source))
        {
            source.InverseDepth.AsSpan().Fill(FlatInverseDepth);
            return;
        }
        _smoother.SetGuide(_guide, ColorRange);
        _smoother.Smooth(NearReach * NearReach, _sum, _weight);
        _sum.Span.CopyTo(_nearSum.Span);
        _weight.Span.CopyTo(_nearWeight.Span);
        _smoother.Smooth(FarReach * FarReach, _sum, _weight);
        for (int i = 0; i < _sum.Data.Length; i++)
            _sum.Data[i] = (_nearSum.Data[i] * NearShare + _sum.Data[i]) / (_nearWeight.Data[i] * NearShare + _weight.Data[i]);
        for (int y = 0; y < _height; y++)
        {
            var inverse = source.InverseDepth.AsSpan(y * _width, _width);
            for (int x = inverse.IndexOf(0f); x >= 0 && x < _width; x++)
                if (inverse[x] <= 0) inverse[x] = Interpolate(x, y);
        }
    }

    // The mean of each cell's known depths. They weigh with the square of their distance: the farther wins where both are near.
    private bool Gather(SourceImage source)
    {
        bool any = false;
        for (int row = 0; row < _guide.Height; row++)
            for (int column = 0; column < _guide.Width; column++)
            {
                float sum = 0, weight = 0;
                int right = Math.Min((column + 1) * _step, _width), bottom = Math.Min((row + 1) * _step, _height);
                for (int y = row * _step; y < bottom; y++)
                    foreach (float inverse in source.InverseDepth.AsSpan(y * _width + column * _step, right - column * _step))
                        if (inverse > 0) (sum, weight) = (sum + 1 / inverse, weight + 1 / (inverse * inverse));
                _sum[column, row] = sum;
                _weight[column, row] = weight;
                _guide[column, row] = source.Color[(row * _step + bottom - 1) / 2 * _width + (column * _step + right - 1) / 2];
                any |= weight > 0;
            }
        // Beyond the reach of everything: far away, at next to no weight.
        const float Trace = 1e-6f;
        for (int i = 0; i < _weight.Data.Length; i++) (_sum.Data[i], _weight.Data[i]) = (_sum.Data[i] + Trace * FlatInverseDepth, _weight.Data[i] + Trace);
        return any;
    }

    private float Interpolate(int x, int y)
    {
        float u = Math.Clamp((x + 0.5f) / _step - 0.5f, 0, _sum.Width - 1), v = Math.Clamp((y + 0.5f) / _step - 0.5f, 0, _sum.Height - 1);
        int left = (int)u, top = (int)v, right = Math.Min(left + 1, _sum.Width - 1), bottom = Math.Min(top + 1, _sum.Height - 1);
        float a = _sum[left, top] + (_sum[right, top] - _sum[left, top]) * (u - left);
        float b = _sum[left, bottom] + (_sum[right, bottom] - _sum[left, bottom]) * (u - left);
        return a + (b - a) * (v - top);
    }
}
