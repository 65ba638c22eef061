using System.Runtime.ExceptionServices;
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
    private const int TextureRadius = 4;

    private readonly CameraMotion _motion;
    private readonly Intrinsics _camera;
    private readonly MotionStereoSettings _settings;
    private readonly ViewSelection _views;
    private readonly int _width, _height, _window, _reach, _batch;
    private readonly int[] _checkOffsets;
    private readonly Plane<byte> _luma;
    private readonly MatchingBuffers _buffers;
    private readonly Dictionary<int, WorkingFrame> _frames = [];
    private readonly Dictionary<int, MatchedDepth> _matches = [];
    private double _coverage;
    private long _finished;
    private int _frameCount, _framesRead, _viewsRead;

    /// <summary>Prepares for frames of the buffers' size.</summary>
    public DenseReconstruction(CameraMotion motion, MotionStereoSettings settings, MatchingBuffers buffers)
    {
        (_motion, _settings, _buffers, _width, _height) = (motion, settings, buffers, buffers.Width, buffers.Height);
        _camera = motion.Intrinsics.Resized(_width, _height);
        _views = new(motion, _camera, settings);
        _window = NeighbourSelection.Window(_views, motion, _camera, settings);
        _frameCount = motion.Poses.Count;
        int[] distances = [.. settings.CheckDistances.Select((d, i) => Math.Max(i + 1, (int)Math.Round(d * _window)))];
        _checkOffsets = [.. distances.Select(d => -d), .. distances];
        _reach = distances.Max();
        _luma = new(_width, _height);
        _batch = 4 * Math.Max(1, settings.Threads);
    }

    /// <summary>Whether frames have to be read twice: the camera is so slow that not every frame is a view.</summary>
    public bool ReadsTwice => !_views.IsEveryFrame;

    /// <summary>Share of pixels, over the clip, whose depth another view confirmed.</summary>
    public double Coverage => _finished == 0 ? 0 : _coverage / _finished;

    /// <summary>Runs to the end of the clip.</summary>
    /// <param name="read">Fills the next frame at the working size; false at the end. It runs ahead: views have to be there before the
    /// frames that look at them.</param>
    /// <param name="readAgain">The same from the beginning, for the frames as their turn comes; null will do where every frame is a view
    /// (<see cref="ReadsTwice"/>).</param>
    /// <param name="emit">Takes each frame's picture, inverse depth and confidence at the working size, in order.</param>
    /// <param name="seed">A frame whose depth is known already, for a clip that begins with a still camera; may be null.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public void Run(Func<Plane<uint>, bool> read, Func<Plane<uint>, bool>? readAgain,
        Action<int, Plane<uint>, Plane<float>, Plane<float>> emit, KeyDepth? seed, CancellationToken cancellation)
    {
        if (ReadsTwice) ArgumentNullException.ThrowIfNull(readAgain);
        var options = new ParallelOptions { MaxDegreeOfParallelism = _settings.Threads, CancellationToken = cancellation };
        var batch = Enumerable.Range(0, _batch).Select(_ => new FrameInWork(_buffers.TakeChecked(), ReadsTwice ? _buffers.TakeMatch() : null)).ToArray();
        var steady = new SteadyDepth(_motion, _camera, _settings, seed);
        int matchedViews = 0;
        for (int first = 0; first < _frameCount;)
        {
            int last = Math.Min(first + _batch, _frameCount) - 1;
            int checkable = Math.Min(_views.Count, _views.CountUpTo(last) + _reach);
            ReadViews(read, 0, checkable + _window, cancellation);
            // the clip may be shorter than its camera path
            if (first >= _frameCount) break;
            last = Math.Min(last, _frameCount - 1);
            checkable = Math.Min(checkable, _viewsRead);
            for (int v = matchedViews; v < checkable; v++) _matches.Add(_views[v], _buffers.TakeMatch());
            Each(matchedViews, checkable, options, (v, worker) => Match(_views[v], _frames[_views[v]], _matches[_views[v]], worker, cancellation));
            matchedViews = Math.Max(matchedViews, checkable);

            for (int i = first; i <= last; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!batch[i - first].Take(i, this, readAgain)) _frameCount = (last = i - 1) + 1;
            }
            Each(first, last + 1, options, (i, worker) => Finish(batch[i - first], worker, cancellation));
            for (int i = first; i <= last; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var work = batch[i - first];
                steady.Add(i, work.Frame.Color, work.Depth, cancellation);
                _coverage += work.Depth.Coverage;
                _finished++;
                emit(i, work.Frame.Color, work.Depth.InverseDepth, work.Depth.Confidence);
                if (ReadsTwice) _buffers.Return(work.Frame);
            }
            first = last + 1;
            int passed = _views.CountUpTo(last);
            Recycle(_frames, _buffers.Return, OldestNeeded(passed - Math.Max(_window, _reach)));
            Recycle(_matches, _buffers.Return, OldestNeeded(passed - _reach));
        }
        Recycle(_frames, _buffers.Return, int.MaxValue);
        Recycle(_matches, _buffers.Return, int.MaxValue);
        foreach (var work in batch) work.Return(_buffers);
    }

    /// <summary>Reads until so many views are passed, and keeps those from one on; other frames only pass by.</summary>
    private void ReadViews(Func<Plane<uint>, bool> read, int from, int until, CancellationToken cancellation)
    {
        while (_viewsRead < Math.Min(until, _views.Count) && _framesRead < _frameCount)
        {
            cancellation.ThrowIfCancellationRequested();
            var frame = _buffers.TakeFrame();
            if (!read(frame.Color))
            {
                _buffers.Return(frame);
                _frameCount = _framesRead;
                return;
            }
            bool isView = _views[_viewsRead] == _framesRead;
            if (isView && _viewsRead >= from)
            {
                frame.Prepare(_luma);
                _frames.Add(_framesRead, frame);
            }
            else _buffers.Return(frame);
            if (isView) _viewsRead++;
            _framesRead++;
        }
    }

    private int OldestNeeded(int view) => view <= 0 ? 0 : view < _views.Count ? _views[view] : int.MaxValue;

    /// <summary>One frame of a batch.</summary>
    private sealed class FrameInWork(MatchingBuffers.CheckedDepth depth, MatchedDepth? match)
    {
        public int Index { get; private set; }

        public WorkingFrame Frame { get; private set; } = null!;

        /// <summary>What comes out.</summary>
        public MatchingBuffers.CheckedDepth Depth => depth;

        /// <summary>What was matched in it.</summary>
        public MatchedDepth Match { get; private set; } = null!;

        /// <summary>Whether it has still to be matched.</summary>
        public bool IsUnmatched { get; private set; }

        /// <summary>Turns to a frame; false if the clip ends before it.</summary>
        public bool Take(int index, DenseReconstruction owner, Func<Plane<uint>, bool>? readAgain)
        {
            Index = index;
            IsUnmatched = !owner._matches.TryGetValue(index, out var known);
            Match = known ?? match!;
            if (!owner.ReadsTwice)
            {
                Frame = owner._frames[index];
                return true;
            }
            Frame = owner._buffers.TakeFrame();
            if (!readAgain!(Frame.Color))
            {
                owner._buffers.Return(Frame);
                return false;
            }
            if (IsUnmatched) Frame.Prepare(owner._luma);
            return true;
        }

        public void Return(MatchingBuffers buffers)
        {
            buffers.Return(depth);
            if (match is not null) buffers.Return(match);
        }
    }

    /// <summary>
    /// Matches a few frames spread over the clip and tells what depths they show: the near and far of what was matched surely,
    /// and the median over all pixels after completion. Tracked points alone sit on texture and tell neither.
    /// </summary>
    /// <param name="read">Fills the next frame at the working size; false at the end.</param>
    /// <param name="samples">Frames to match.</param>
    /// <param name="cancellation">Stops between rows.</param>
    /// <returns>The depths, and those of the first frame that could be matched well, where frames before it need them.</returns>
    /// <exception cref="MetricDepthException"><c>InsufficientParallax</c>: nothing could be matched.</exception>
    public (SceneDepth Range, KeyDepth? Seed) Survey(Func<Plane<uint>, bool> read, int samples, CancellationToken cancellation)
    {
        var (chosen, first) = ViewsToSample(samples);
        var sure = new List<float>();
        var all = new List<float>();
        var worker = _buffers.TakeWorker();
        KeyDepth? seed = null;
        bool isFirstMatched = false;
        foreach (int view in chosen)
        {
            int frame = _views[view];
            Recycle(_frames, _buffers.Return, OldestNeeded(view - _window));
            ReadViews(read, view - _window, view + _window + 1, cancellation);
            if (!_frames.TryGetValue(frame, out var picture)) break;
            var match = _buffers.TakeMatch();
            Match(frame, picture, match, worker, cancellation);
            if (match.IsMatched)
            {
                bool isSeed = view == first && frame > 0;
                // nothing checks a seed against other frames
                if (isSeed) seed = Seed(frame, picture, match);
                Sample(match, sure, all, worker, picture.Color);
                isFirstMatched |= view == first;
                if (isSeed) match.InverseDepth.Span.CopyTo(seed!.InverseDepth.Span);
            }
            _buffers.Return(match);
        }
        Recycle(_frames, _buffers.Return, int.MaxValue);
        _buffers.Return(worker);
        if (sure.Count == 0 || !isFirstMatched)
            throw new MetricDepthException("InsufficientParallax", FailureKind.InsufficientInformation,
                "No depth could be matched: the camera hardly moves, or the scene has no texture. Use a clip with a moving camera, or a depth model (Get-DepthModel lists what Install-DepthModel fetches).");
        sure.Sort();
        all.Sort();
        return (new(1 / sure[(int)(sure.Count * 0.985)], 1 / all[all.Count / 2], 1 / sure[(int)(sure.Count * 0.015)], sure.Count), seed);
    }

    /// <summary>Views spread over the clip, and the first of all that has a neighbour with good parallax as the clip goes.</summary>
    private (SortedSet<int> Views, int Seed) ViewsToSample(int samples)
    {
        int total = _motion.Poses.Count;
        var chosen = new SortedSet<int>();
        for (int i = 0; i < samples; i++) chosen.Add(Math.Min(_views.CountBefore((int)((i + 0.5) * total / samples)), _views.Count - 1));
        double good = Math.Max(_settings.MinimumSpan, 0.5 * Math.Min(chosen.Max(LargestSpan), _settings.ParallaxSpan));
        for (int i = 0; i < _views.Count; i++)
            if (LargestSpan(i) >= good)
            {
                chosen.Add(i);
                return (chosen, i);
            }
        return (chosen, -1);

        double LargestSpan(int view) => NeighbourSelection
            .Choose(_views[view], _views.Before(_views[view], _window), _views.After(_views[view], _window), _motion, _camera, _ => 1, _settings)
            .Select(n => n.Span).DefaultIfEmpty(0).Max();
    }

    private static void Sample(MatchedDepth match, List<float> sure, List<float> all, MatchingBuffers.Worker worker, Plane<uint> color)
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

    private KeyDepth Seed(int index, WorkingFrame frame, MatchedDepth match)
    {
        var seed = new KeyDepth(index, _width, _height);
        frame.Color.Span.CopyTo(seed.Color.Span);
        for (int i = 0; i < seed.Confidence.Data.Length; i++) seed.Confidence.Data[i] = 0.5f * match.Confidence.Data[i];
        return seed;
    }

    private void Match(int index, WorkingFrame frame, MatchedDepth result, MatchingBuffers.Worker worker, CancellationToken cancellation)
    {
        result.Index = index;
        result.IsMatched = false;
        var chosen = NeighbourSelection.Choose(index, AtHand(_views.Before(index, _window)), AtHand(_views.After(index, _window)),
            _motion, _camera, j => _frames[j].Sharpness, _settings);
        if (chosen.Count == 0)
        {
            result.InverseDepth.Span.Clear();
            result.Confidence.Span.Clear();
            return;
        }
        result.IsMatched = true;
        ImageFilters.Luma(frame.Color, worker.Luma);
        ImageFilters.Texture(worker.Luma, TextureRadius, worker.Texture);
        var census = chosen.Select(c => _frames[c.Index].Census).ToArray();
        var warps = chosen.Select(c => new PlaneWarp(_motion.Poses[index], _motion.Poses[c.Index], _camera)).ToArray();
        var planes = DepthPlanes.Over(_motion.SceneDepths[index], chosen.Max(c => c.Span));
        PlaneSweep.Fill(frame.Census, census, warps, planes, worker.Volume, cancellation);
        worker.Aggregation.Run(worker.Volume, planes.Count, worker.Luma, new(planes, result.InverseDepth, result.Confidence), cancellation);
        var trust = result.Confidence.Data;
        var texture = worker.Texture.Data;
        for (int i = 0; i < trust.Length; i++)
        {
            float t = Math.Max(0, texture[i] - _settings.NoiseTexture);
            trust[i] *= t / (t + _settings.HalfTexture);
        }
    }

    /// <summary>Views that the clip turned out not to reach are left out.</summary>
    private ReadOnlySpan<int> AtHand(ReadOnlySpan<int> views)
    {
        while (views.Length > 0 && views[^1] >= _frameCount) views = views[..^1];
        return views;
    }

    private void Finish(FrameInWork work, MatchingBuffers.Worker worker, CancellationToken cancellation)
    {
        if (work.IsUnmatched) Match(work.Index, work.Frame, work.Match, worker, cancellation);
        var (own, result) = (work.Match, work.Depth);
        result.IsMatched = own.IsMatched;
        result.Coverage = 0;
        if (!result.IsMatched)
        {
            result.InverseDepth.Span.Clear();
            result.Confidence.Span.Clear();
            return;
        }
        var around = new List<MatchedDepth>();
        foreach (int offset in _checkOffsets)
            if (_views.Beside(work.Index, offset) is { } view && _matches.TryGetValue(view, out var other) && other.IsMatched) around.Add(other);
        var others = around.ToArray();
        var warps = others.Select(o => new PlaneWarp(_motion.Poses[work.Index], _motion.Poses[o.Index], _camera)).ToArray();
        result.Coverage = CrossViewCheck.Run(own, others, warps, _settings.Agreement, result.InverseDepth, result.Trust);
        ForegroundFattening.Doubt(result.InverseDepth, result.Trust, _settings.OutlineBand, worker.Texture);
        worker.Completion.Complete(work.Frame.Color, result.InverseDepth, result.Trust);
        DepthConfirmation.Rate(result.InverseDepth, own, others, warps, _settings.Agreement, result.Confidence);
    }

    private void Each(int from, int to, ParallelOptions options, Action<int, MatchingBuffers.Worker> work)
    {
        try
        {
            Parallel.For(from, to, options,
                _buffers.TakeWorker,
                (i, _, worker) => { work(i, worker); return worker; },
                _buffers.Return);
        }
        catch (AggregateException e) when (e.InnerExceptions.All(x => x is OperationCanceledException))
        {
            throw new OperationCanceledException(options.CancellationToken);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private static void Recycle<T>(Dictionary<int, T> held, Action<T> giveBack, int before)
    {
        foreach (int key in held.Keys.Where(k => k < before).ToArray())
        {
            giveBack(held[key]);
            held.Remove(key);
        }
    }
}
