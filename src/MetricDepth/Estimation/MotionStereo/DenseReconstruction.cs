using System.Collections.Concurrent;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Motion;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// Depth for every pixel of every frame from a solved camera, streaming: frames come in order, depth goes out in order, and only
/// a window of frames is held. Frames are matched and checked independently of each other, several at once, so the result does
/// not depend on how many.
/// </summary>
internal sealed class DenseReconstruction
{
    private readonly CameraMotion _motion;
    private readonly Intrinsics _camera;
    private readonly MotionStereoSettings _settings;
    private readonly int _width, _height, _reach, _batch;
    private readonly ConcurrentBag<Worker> _workers = [];
    private readonly Dictionary<int, WorkingFrame> _frames = [];
    private readonly Dictionary<int, MatchedDepth> _matches = [];
    private readonly Stack<WorkingFrame> _spareFrames = [];
    private readonly Stack<MatchedDepth> _spareMatches = [];
    private double _coverage;
    private long _finished;

    /// <summary>Prepares for frames of <paramref name="width"/>×<paramref name="height"/>.</summary>
    public DenseReconstruction(CameraMotion motion, int width, int height, MotionStereoSettings settings)
    {
        (_motion, _settings, _width, _height) = (motion, settings, width, height);
        _camera = motion.Intrinsics.Resized(width, height);
        _reach = settings.CheckOffsets.Max(Math.Abs);
        _batch = 4 * Math.Max(1, settings.Threads);
    }

    /// <summary>Share of pixels, over the clip, whose depth another view confirmed.</summary>
    public double Coverage => _finished == 0 ? 0 : _coverage / _finished;

    /// <summary>Runs to the end of the clip.</summary>
    /// <param name="read">Fills the next frame at the working size; false at the end.</param>
    /// <param name="emit">Takes each frame's picture and inverse depth at the working size, in order.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public void Run(Func<Plane<uint>, bool> read, Action<int, Plane<uint>, Plane<float>> emit, CancellationToken cancellation)
    {
        int frames = 0, matched = 0, finished = 0;
        bool ended = false;
        Plane<float>? previous = null;
        var options = new ParallelOptions { MaxDegreeOfParallelism = _settings.Threads, CancellationToken = cancellation };
        var checkedDepths = new CheckedDepth[_batch + _reach];
        while (true)
        {
            while (!ended && frames < matched + _batch + _settings.Window)
            {
                cancellation.ThrowIfCancellationRequested();
                if (frames >= _motion.Poses.Count) { ended = true; break; }
                var frame = _spareFrames.TryPop(out var f) ? f : new(_width, _height);
                if (!read(frame.Color)) { ended = true; break; }
                frame.Take(frames);
                _frames.Add(frames++, frame);
            }
            int until = Math.Min(frames, matched + _batch);
            for (int i = matched; i < until; i++)
                _matches.Add(i, _spareMatches.TryPop(out var m) ? m : new(_width, _height));
            int known = frames;
            Each(matched, until, options, (i, worker) => Match(i, known, worker, cancellation));
            matched = until;

            int ready = ended && matched == frames ? matched : Math.Max(finished, matched - _reach), from = finished, upTo = matched;
            while (from < ready)
            {
                int to = Math.Min(ready, from + checkedDepths.Length), start = from;
                Each(start, to, options, (i, worker) => Finish(i, upTo, worker, checkedDepths[i - start] ??= new(_width, _height)));
                for (int i = start; i < to; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var depth = checkedDepths[i - start];
                    if (previous is not null)
                        TemporalFilter.Blend(depth.InverseDepth, previous, new(_motion.Poses[i], _motion.Poses[i - 1], _camera),
                            _settings.Steadiness, _settings.Agreement);
                    previous ??= new(_width, _height);
                    depth.InverseDepth.Span.CopyTo(previous.Span);
                    _coverage += depth.Coverage;
                    _finished++;
                    emit(i, _frames[i].Color, depth.InverseDepth);
                }
                from = to;
            }
            finished = ready;
            Recycle(_frames, _spareFrames, Math.Min(finished, matched - _settings.Window));
            Recycle(_matches, _spareMatches, finished - _reach);
            if (ended && finished == frames) return;
        }
    }

    /// <summary>
    /// Matches a few frames spread over the clip and tells what depths they show: the near and far of what was matched surely,
    /// and the median over all pixels after completion. Tracked points alone sit on texture and tell neither.
    /// </summary>
    /// <param name="read">Fills the next frame at the working size; false at the end.</param>
    /// <param name="samples">Frames to match.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public SceneDepth Survey(Func<Plane<uint>, bool> read, int samples, CancellationToken cancellation)
    {
        int frames = 0, total = _motion.Poses.Count, step = Math.Max(1, total / samples), next = Math.Min(step / 2, total - 1);
        var sure = new List<float>();
        var all = new List<float>();
        var worker = new Worker(_width, _height, _settings);
        bool ended = false;
        while (!ended || next < frames)
        {
            cancellation.ThrowIfCancellationRequested();
            var frame = _spareFrames.TryPop(out var f) ? f : new(_width, _height);
            ended = ended || frames >= total || !read(frame.Color);
            if (ended) _spareFrames.Push(frame);
            else
            {
                // most frames pass by unneeded
                frame.Take(frames);
                _frames.Add(frames++, frame);
            }
            if (next < frames && (ended || frames > next + _settings.Window))
            {
                var match = _matches[next] = new(_width, _height);
                Match(next, frames, worker, cancellation);
                _matches.Remove(next);
                Sample(match, sure, all, worker, _frames[next].Color);
                next += step;
            }
            Recycle(_frames, _spareFrames, next - _settings.Window);
        }
        _frames.Clear();
        if (sure.Count == 0)
            throw new MetricDepthException("InsufficientParallax", FailureKind.InsufficientInformation,
                "No depth could be matched: the camera hardly moves, or the scene has no texture. Use a clip with a moving camera, or an ONNX depth model with -ModelPath.");
        sure.Sort();
        all.Sort();
        return new(1 / sure[(int)(sure.Count * 0.985)], 1 / all[all.Count / 2], 1 / sure[(int)(sure.Count * 0.015)], sure.Count);
    }

    private static void Sample(MatchedDepth match, List<float> sure, List<float> all, Worker worker, Plane<uint> color)
    {
        const int every = 7;
        const float certain = 0.6f;
        var depth = match.InverseDepth.Data;
        var confidence = match.Confidence.Data;
        for (int i = 0; i < depth.Length; i += every)
            if (confidence[i] > certain) sure.Add(depth[i]);
        foreach (ref float c in confidence.AsSpan()) c *= c;
        worker.Completion.Complete(color, match.InverseDepth, match.Confidence);
        for (int i = 0; i < depth.Length; i += every)
            if (depth[i] > 0) all.Add(depth[i]);
    }

    private void Match(int index, int frames, Worker worker, CancellationToken cancellation)
    {
        var frame = _frames[index];
        var result = _matches[index];
        result.Index = index;
        int first = Math.Max(0, index - _settings.Window), last = Math.Min(frames - 1, index + _settings.Window);
        var chosen = NeighbourSelection.Choose(index, first, last, _motion, _camera, j => _frames[j].Sharpness, _settings);
        if (chosen.Count == 0)
        {
            result.InverseDepth.Span.Clear();
            result.Confidence.Span.Clear();
            return;
        }
        var census = chosen.Select(c => _frames[c.Index].Census).ToArray();
        var warps = chosen.Select(c => new PlaneWarp(_motion.Poses[index], _motion.Poses[c.Index], _camera)).ToArray();
        var planes = DepthPlanes.Over(_motion.SceneDepths[index], chosen.Max(c => c.Span));
        PlaneSweep.Fill(frame.Census, census, warps, planes, worker.Volume, cancellation);
        worker.Aggregation.Run(worker.Volume, planes.Count, frame.Luma, new(planes, result.InverseDepth, result.Confidence), cancellation);
        var trust = result.Confidence.Data;
        var texture = frame.Texture.Data;
        for (int i = 0; i < trust.Length; i++)
        {
            float t = Math.Max(0, texture[i] - _settings.NoiseTexture);
            trust[i] *= t / (t + _settings.HalfTexture);
        }
    }

    private void Finish(int index, int matched, Worker worker, CheckedDepth result)
    {
        var others = new List<MatchedDepth>();
        foreach (int offset in _settings.CheckOffsets)
            if (index + offset >= 0 && index + offset < matched) others.Add(_matches[index + offset]);
        var warps = others.Select(o => new PlaneWarp(_motion.Poses[index], _motion.Poses[o.Index], _camera)).ToArray();
        result.Coverage = CrossViewCheck.Run(
            _matches[index], others.ToArray(), warps, _settings.Agreement, result.InverseDepth, result.Confidence);
        worker.Completion.Complete(_frames[index].Color, result.InverseDepth, result.Confidence);
    }

    private void Each(int from, int to, ParallelOptions options, Action<int, Worker> work)
    {
        try
        {
            Parallel.For(from, to, options,
                () => _workers.TryTake(out var w) ? w : new(_width, _height, _settings),
                (i, _, worker) => { work(i, worker); return worker; },
                _workers.Add);
        }
        catch (AggregateException e) when (e.InnerExceptions.All(x => x is OperationCanceledException))
        {
            throw new OperationCanceledException(options.CancellationToken);
        }
    }

    private static void Recycle<T>(Dictionary<int, T> held, Stack<T> spare, int before)
    {
        foreach (int key in held.Keys.Where(k => k < before).ToArray())
        {
            spare.Push(held[key]);
            held.Remove(key);
        }
    }

    private sealed class CheckedDepth(int width, int height)
    {
        public Plane<float> InverseDepth { get; } = new(width, height);
        public Plane<float> Confidence { get; } = new(width, height);
        public double Coverage { get; set; }
    }

    private sealed class Worker(int width, int height, MotionStereoSettings settings)
    {
        public byte[] Volume { get; } = new byte[(long)width * height * DepthPlanes.MaxCount];
        public SemiGlobalAggregation Aggregation { get; } = new(width, height, DepthPlanes.MaxCount, settings);
        public DepthCompletion Completion { get; } = new(width, height, settings);
    }
}
