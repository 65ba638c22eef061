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
    private readonly int _width, _height, _window, _reach, _batch;
    private readonly int[] _checkOffsets;
    private readonly Plane<byte> _luma;
    private readonly MatchingBuffers _buffers;
    private readonly Dictionary<int, WorkingFrame> _frames = [];
    private readonly Dictionary<int, MatchedDepth> _matches = [];
    private double _coverage;
    private long _finished;

    /// <summary>Prepares for frames of the buffers' size.</summary>
    public DenseReconstruction(CameraMotion motion, MotionStereoSettings settings, MatchingBuffers buffers)
    {
        (_motion, _settings, _buffers, _width, _height) = (motion, settings, buffers, buffers.Width, buffers.Height);
        _camera = motion.Intrinsics.Resized(_width, _height);
        _window = NeighbourSelection.Window(motion, _camera, settings);
        int[] distances = [.. settings.CheckDistances.Select((d, i) => Math.Max(i + 1, (int)Math.Round(d * _window)))];
        _checkOffsets = [.. distances.Select(d => -d), .. distances];
        _reach = distances.Max();
        _luma = new(_width, _height);
        _batch = 4 * Math.Max(1, settings.Threads);
    }

    /// <summary>Share of pixels, over the clip, whose depth another view confirmed.</summary>
    public double Coverage => _finished == 0 ? 0 : _coverage / _finished;

    /// <summary>Runs to the end of the clip.</summary>
    /// <param name="read">Fills the next frame at the working size; false at the end.</param>
    /// <param name="emit">Takes each frame's picture, inverse depth and confidence at the working size, in order.</param>
    /// <param name="seed">A frame whose depth is known already, for a clip that begins with a still camera; may be null.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public void Run(
        Func<Plane<uint>, bool> read, Action<int, Plane<uint>, Plane<float>, Plane<float>> emit, KeyDepth? seed, CancellationToken cancellation)
    {
        int frames = 0, matched = 0, finished = 0;
        bool ended = false;
        KeyDepth? previous = seed;
        var options = new ParallelOptions { MaxDegreeOfParallelism = _settings.Threads, CancellationToken = cancellation };
        var checkedDepths = new MatchingBuffers.CheckedDepth[_batch + _reach];
        while (true)
        {
            while (!ended && frames < matched + _batch + _window)
            {
                cancellation.ThrowIfCancellationRequested();
                if (frames >= _motion.Poses.Count) { ended = true; break; }
                var frame = _buffers.TakeFrame();
                if (!read(frame.Color))
                {
                    _buffers.Return(frame);
                    ended = true;
                    break;
                }
                frame.Prepare(_luma);
                _frames.Add(frames++, frame);
            }
            int until = Math.Min(frames, matched + _batch);
            for (int i = matched; i < until; i++)
                _matches.Add(i, _buffers.TakeMatch());
            int known = frames;
            Each(matched, until, options, (i, worker) => Match(i, known, worker, cancellation));
            matched = until;

            int ready = ended && matched == frames ? matched : Math.Max(finished, matched - _reach), from = finished, upTo = matched;
            while (from < ready)
            {
                int to = Math.Min(ready, from + checkedDepths.Length), start = from;
                for (int i = 0; i < to - start; i++) checkedDepths[i] ??= _buffers.TakeChecked();
                Each(start, to, options, (i, worker) => Finish(i, upTo, worker, checkedDepths[i - start]));
                for (int i = start; i < to; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var depth = checkedDepths[i - start];
                    if (previous is not null)
                    {
                        var warp = new PlaneWarp(_motion.Poses[i], _motion.Poses[previous.Index], _camera);
                        if (!depth.IsMatched) TemporalFilter.Carry(depth.InverseDepth, depth.Confidence, previous, warp);
                        else if (previous.Index == i - 1)
                            TemporalFilter.Blend(depth.InverseDepth, previous.InverseDepth, warp, _settings.Steadiness, _settings.Agreement);
                    }
                    if (previous is not null || depth.IsMatched)
                    {
                        if (previous is null || previous == seed) previous = new(i, new(_width, _height), new(_width, _height));
                        depth.InverseDepth.Span.CopyTo(previous.InverseDepth.Span);
                        depth.Confidence.Span.CopyTo(previous.Confidence.Span);
                        previous.Index = i;
                    }
                    _coverage += depth.Coverage;
                    _finished++;
                    emit(i, _frames[i].Color, depth.InverseDepth, depth.Confidence);
                }
                from = to;
            }
            finished = ready;
            bool isDone = ended && finished == frames;
            Recycle(_frames, _buffers.Return, isDone ? frames : Math.Min(finished, matched - _window));
            Recycle(_matches, _buffers.Return, isDone ? frames : finished - _reach);
            if (!isDone) continue;
            foreach (var depth in checkedDepths)
                if (depth is not null) _buffers.Return(depth);
            return;
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
        var (chosen, first) = FramesToSample(samples);
        var due = new Queue<int>(chosen);
        var sure = new List<float>();
        var all = new List<float>();
        var worker = _buffers.TakeWorker();
        KeyDepth? seed = null;
        bool ended = false, isFirstMatched = false;
        for (int frames = 0; due.TryPeek(out int next);)
        {
            cancellation.ThrowIfCancellationRequested();
            var frame = _buffers.TakeFrame();
            ended = ended || frames >= _motion.Poses.Count || !read(frame.Color);
            // most frames only pass by
            if (ended || frames < next - _window) _buffers.Return(frame);
            else
            {
                frame.Prepare(_luma);
                _frames.Add(frames, frame);
            }
            if (!ended) frames++;
            if (ended || frames > next + _window)
            {
                due.Dequeue();
                if (next >= frames) break;
                var match = _matches[next] = _buffers.TakeMatch();
                Match(next, frames, worker, cancellation);
                _matches.Remove(next);
                if (match.IsMatched)
                {
                    bool isSeed = next == first && first > 0;
                    // nothing checks a seed against other frames
                    if (isSeed) seed = new(next, new(_width, _height), Halved(match.Confidence));
                    Sample(match, sure, all, worker, _frames[next].Color);
                    isFirstMatched |= next == first;
                    if (isSeed) match.InverseDepth.Span.CopyTo(seed!.InverseDepth.Span);
                }
                _buffers.Return(match);
            }
            Recycle(_frames, _buffers.Return, due.TryPeek(out int following) ? following - _window : frames);
        }
        Recycle(_frames, _buffers.Return, int.MaxValue);
        _buffers.Return(worker);
        if (sure.Count == 0 || !isFirstMatched)
            throw new MetricDepthException("InsufficientParallax", FailureKind.InsufficientInformation,
                "No depth could be matched: the camera hardly moves, or the scene has no texture. Use a clip with a moving camera, or an ONNX depth model with -ModelPath.");
        sure.Sort();
        all.Sort();
        return (new(1 / sure[(int)(sure.Count * 0.985)], 1 / all[all.Count / 2], 1 / sure[(int)(sure.Count * 0.015)], sure.Count), seed);
    }

    /// <summary>Frames spread over the clip, and the first of all that has a neighbour with good parallax as the clip goes.</summary>
    private (SortedSet<int> Frames, int Seed) FramesToSample(int samples)
    {
        int total = _motion.Poses.Count;
        var chosen = new SortedSet<int>();
        for (int i = 0; i < samples; i++) chosen.Add((int)((i + 0.5) * total / samples));
        double good = Math.Max(_settings.MinimumSpan, 0.5 * Math.Min(chosen.Max(LargestSpan), _settings.ParallaxSpan));
        for (int i = 0; i < total; i++)
            if (LargestSpan(i) >= good)
            {
                chosen.Add(i);
                return (chosen, i);
            }
        return (chosen, -1);

        double LargestSpan(int i) => NeighbourSelection
            .Choose(i, Math.Max(0, i - _window), Math.Min(total - 1, i + _window), _motion, _camera, _ => 1, _settings)
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

    private static Plane<float> Halved(Plane<float> confidence)
    {
        var half = new Plane<float>(confidence.Width, confidence.Height);
        for (int i = 0; i < half.Data.Length; i++) half.Data[i] = 0.5f * confidence.Data[i];
        return half;
    }

    private void Match(int index, int frames, MatchingBuffers.Worker worker, CancellationToken cancellation)
    {
        var frame = _frames[index];
        var result = _matches[index];
        result.Index = index;
        result.IsMatched = false;
        int first = Math.Max(0, index - _window), last = Math.Min(frames - 1, index + _window);
        var chosen = NeighbourSelection.Choose(index, first, last, _motion, _camera, j => _frames[j].Sharpness, _settings);
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

    private void Finish(int index, int matched, MatchingBuffers.Worker worker, MatchingBuffers.CheckedDepth result)
    {
        result.IsMatched = _matches[index].IsMatched;
        result.Coverage = 0;
        if (!result.IsMatched)
        {
            result.InverseDepth.Span.Clear();
            result.Confidence.Span.Clear();
            return;
        }
        var others = new List<MatchedDepth>();
        foreach (int offset in _checkOffsets)
            if (index + offset >= 0 && index + offset < matched && _matches[index + offset].IsMatched) others.Add(_matches[index + offset]);
        var warps = others.Select(o => new PlaneWarp(_motion.Poses[index], _motion.Poses[o.Index], _camera)).ToArray();
        var own = _matches[index];
        var around = others.ToArray();
        result.Coverage = CrossViewCheck.Run(own, around, warps, _settings.Agreement, result.InverseDepth, result.Trust);
        ForegroundFattening.Doubt(result.InverseDepth, result.Trust, _settings.OutlineBand, worker.Texture);
        worker.Completion.Complete(_frames[index].Color, result.InverseDepth, result.Trust);
        DepthConfirmation.Rate(result.InverseDepth, own, around, warps, _settings.Agreement, result.Confidence);
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
