using MetricDepth.Geometry;

namespace MetricDepth.Export.Cameras.Readers;

/// <summary>COLMAP's camera models (its documentation, "Camera Models"), by their numbers in binary files.</summary>
/// <param name="Name">Its name in text files.</param>
/// <param name="ParameterCount">How many numbers it has.</param>
/// <param name="FocalLengths">1 for f, 2 for fx, fy; the principal point follows, then distortion.</param>
internal sealed record ColmapCameraModel(string Name, int ParameterCount, int FocalLengths)
{
    /// <summary>The most numbers of any model.</summary>
    public const int MostParameters = 12;

    /// <summary>By number.</summary>
    public static readonly IReadOnlyList<ColmapCameraModel> All =
    [
        new("SIMPLE_PINHOLE", 3, 1), new("PINHOLE", 4, 2), new("SIMPLE_RADIAL", 4, 1), new("RADIAL", 5, 1), new("OPENCV", 8, 2),
        new("OPENCV_FISHEYE", 8, 2), new("FULL_OPENCV", 12, 2), new("FOV", 5, 2), new("SIMPLE_RADIAL_FISHEYE", 4, 1),
        new("RADIAL_FISHEYE", 5, 1), new("THIN_PRISM_FISHEYE", 12, 2),
    ];

    /// <summary>The pinhole of a camera; null where its numbers are none.</summary>
    /// <param name="width">Width, px.</param>
    /// <param name="height">Height, px.</param>
    /// <param name="values">Its numbers; COLMAP's pixel centres lie at halves.</param>
    /// <param name="isDistorted">Whether it has distortion.</param>
    public Intrinsics? Pinhole(double width, double height, ReadOnlySpan<double> values, out bool isDistorted)
    {
        double fx = values[0], fy = values[FocalLengths - 1];
        isDistorted = values[(FocalLengths + 2)..ParameterCount].ContainsAnyExcept(0.0);
        return width is >= 1 and <= 1 << 20 && height is >= 1 and <= 1 << 20 && fx > 0 && fy > 0
            ? new((int)width, (int)height, fx, fy, values[FocalLengths] - 0.5, values[FocalLengths + 1] - 0.5) : null;
    }
}
