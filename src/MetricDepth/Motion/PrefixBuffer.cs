using MetricDepth.Geometry;
using MetricDepth.Tracking;

namespace MetricDepth.Motion;

/// <summary>
/// The frames from the clip's beginning until the camera has moved enough to start from. While it only turns, the oldest half is
/// let go again and again: of each such frame only its rotation remains, which is all there is to know of it.
/// </summary>
internal sealed class PrefixBuffer
{
    private const int MaxKeyframes = 24;
    private const int MaxFrames = 200;

    private readonly List<TrackedFrame> _frames = [];
    private readonly List<Rotation> _head = [];
    private int _keyframes;

    /// <summary>The frames held, in order.</summary>
    public IReadOnlyList<TrackedFrame> Frames => _frames;

    /// <summary>Frames let go: the rotation that takes each one's camera to that of the first frame held.</summary>
    public IReadOnlyList<Rotation> Head => _head;

    public bool IsFull => _keyframes >= MaxKeyframes || _frames.Count >= MaxFrames;

    public TrackedFrame[] Keyframes => [.. _frames.Where(f => f.IsKeyframe)];

    public void Add(TrackedFrame frame)
    {
        _frames.Add(frame);
        if (frame.IsKeyframe) _keyframes++;
    }

    /// <summary>Lets the older half go; the frames held begin with a keyframe again.</summary>
    public void DropHalf(Camera camera)
    {
        var keyframes = Keyframes;
        int cut = keyframes.Length > 2
            ? _frames.IndexOf(keyframes[keyframes.Length / 2])
            : _frames.Count / 2;
        if (keyframes.Length <= 2)
        {
            // hardly any motion: begin again at a frame in the middle, which may then serve as a keyframe
            while (cut < _frames.Count - 1 && _frames[cut].IsLost) cut++;
            if (_frames[cut].IsLost) return;
            _frames[cut] = _frames[cut] with { IsKeyframe = true };
        }
        var rotations = new Rotation[cut + 1];
        rotations[cut] = Rotation.Identity;
        int known = cut;
        for (int i = cut - 1; i >= 0; i--)
        {
            rotations[i] = rotations[i + 1];
            if (_frames[i].IsLost) continue;
            Bootstrap.Common(_frames[known], _frames[i], out var later, out var earlier);
            if (later.Length < 8) continue;
            rotations[i] = rotations[known] * RotationFit.Run(camera, later, earlier).Rotation;
            known = i;
        }
        for (int i = 0; i < _head.Count; i++) _head[i] = rotations[0] * _head[i];
        _head.AddRange(rotations[..cut]);
        _frames.RemoveRange(0, cut);
        _keyframes = _frames.Count(f => f.IsKeyframe);
    }
}
