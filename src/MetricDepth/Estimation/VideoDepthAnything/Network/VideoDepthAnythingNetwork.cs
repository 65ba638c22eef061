using MetricDepth.Estimation.DepthAnything.Network;
using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Graphs;

namespace MetricDepth.Estimation.VideoDepthAnything.Network;

/// <summary>Video-Depth-Anything (Chen et al., 2025), relative or metric: a window of pictures in, as many maps out.</summary>
/// <remarks>
/// <para>The network comes in three graphs, so that each frame is encoded once though windows overlap, and so that nothing of full resolution
/// is held for more frames than are decoded at once: <see cref="EncoderGraph"/> (per frame; everything that does not depend on other frames, in
/// the head too), <see cref="TemporalGraph"/> (over the window) and <see cref="DecoderGraph"/> (per frame again). <see cref="WholeGraph"/> is
/// all of it in one, as the original runs it.</para>
/// <para>With h×w patches (14 px), F features and C₁…C₄ channels of the levels: level1 is F×4h×4w, level2 F×2h×2w, level3 C₃×h×w,
/// level4 C₄×⌈h/2⌉×⌈w/2⌉, path F×2h×2w, depth 14h×14w. The relative and the metric checkpoints are the same network.</para>
/// </remarks>
public sealed class VideoDepthAnythingNetwork
{
    /// <summary>Pictures, normalised: [frames, 3, height, width]; [1, T, 3, height, width] for <see cref="WholeGraph"/>.</summary>
    public const string PictureInput = "image";

    /// <summary>Metres, or inverse depth up to a factor and an offset: [frames, height, width]; [1, T, height, width] from <see cref="WholeGraph"/>.</summary>
    public const string DepthOutput = "depth";

    /// <summary>What the encoder gives for each frame, the finest level first; the first two go to the decoder, the last two to the temporal graph.</summary>
    public static IReadOnlyList<string> Levels { get; } = ["level1", "level2", "level3", "level4"];

    /// <summary>From the temporal graph to the decoder.</summary>
    public const string Path = "path";

    private const string Title = "Video-Depth-Anything";

    private readonly NetworkWeights weights;
    private readonly DinoTransformer transformer;
    private readonly DptHead head;
    private readonly TemporalModule[] modules;

    private VideoDepthAnythingNetwork(NetworkWeights weights, int? heads)
    {
        this.weights = weights;
        if (weights.Has("depth_head.projects.0.weight")) throw weights.Foreign("its head ('depth_head.…') sees single pictures, so it is one of Depth-Anything-V2");
        transformer = DinoTransformer.Read(weights, heads);
        head = DptHead.Read(weights, "head.", transformer.Width);
        modules = [.. new[] { head.Channels[2], head.Channels[3], head.Features, head.Features }
            .Select((channels, i) => TemporalModule.Read(weights, i, channels))];
        if (modules.Any(module => module.Frames != WindowLength)) throw weights.Foreign("its temporal modules see windows of different lengths");
    }

    /// <summary>Checks that a checkpoint is a whole one of this network. The graphs refer to it: keep it open until the last one is made.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="heads">Heads of an attention of the transformer; null for width/64, as in every published network.</param>
    /// <exception cref="MetricDepthException">
    /// <c>CheckpointForeign</c>: another network's; <c>CheckpointIncomplete</c>: a tensor is missing; <c>CheckpointMismatch</c>: one has another shape.
    /// </exception>
    public static VideoDepthAnythingNetwork Read(Checkpoint checkpoint, int? heads = null)
    {
        var network = new VideoDepthAnythingNetwork(new(checkpoint, Title), heads);
        _ = network.WholeGraph(DinoTransformer.Patch, DinoTransformer.Patch); // asks for every tensor
        network.weights.RefuseUnknown();
        return network;
    }

    /// <summary>Frames of a window, T: 32.</summary>
    public int WindowLength => modules[0].Frames;

    /// <summary>Numbers of a token: 384 (S), 768 (B), 1024 (L).</summary>
    public int Width => transformer.Width;

    /// <summary>Sizes of one frame's share of each of <see cref="Levels"/>: channels, height, width.</summary>
    /// <param name="width">Width of a picture, px, a multiple of 14.</param>
    /// <param name="height">Height of a picture, px, a multiple of 14.</param>
    public IReadOnlyList<(int Channels, int Height, int Width)> LevelSizes(int width, int height)
    {
        PatchGrid.Check(width, height);
        int h = height / DinoTransformer.Patch, w = width / DinoTransformer.Patch;
        return [(head.Features, 4 * h, 4 * w), (head.Features, 2 * h, 2 * w), (head.Channels[2], h, w), (head.Channels[3], (h + 1) / 2, (w + 1) / 2)];
    }

    /// <summary>Sizes of one frame's share of <see cref="Path"/>: channels, height, width.</summary>
    /// <param name="width">Width of a picture, px, a multiple of 14.</param>
    /// <param name="height">Height of a picture, px, a multiple of 14.</param>
    public (int Channels, int Height, int Width) PathSize(int width, int height) => LevelSizes(width, height)[1];

    /// <summary>From pictures to what the head needs of each by itself.</summary>
    /// <param name="width">Width of a picture, px, a multiple of 14.</param>
    /// <param name="height">Height of a picture, px, a multiple of 14.</param>
    /// <param name="precision">What it calculates with; <see cref="InferencePrecision.Auto"/> is float32. In- and outputs are float32.</param>
    /// <param name="frames">How many pictures at once; null to leave it free.</param>
    /// <param name="target">What runs it.</param>
    /// <returns>A graph from <see cref="PictureInput"/> to the four <see cref="Levels"/>.</returns>
    public OnnxGraph EncoderGraph(int width, int height, InferencePrecision precision = InferencePrecision.Float32, int? frames = null, GraphTarget target = GraphTarget.Any)
    {
        PatchGrid.Check(width, height);
        var graph = new GraphBuilder($"{Title} encoder", PatchGrid.Compute(precision), target);
        var levels = Encode(graph, graph.Input(PictureInput, frames ?? -1, 3, height, width));
        for (int i = 0; i < levels.Length; i++) graph.Output(levels[i], Levels[i]);
        return graph.Build();
    }

    /// <summary>What the frames of a window tell one another: from the two coarse levels of all T frames to a path for the decoder.</summary>
    /// <param name="width">Width of a picture, px, a multiple of 14.</param>
    /// <param name="height">Height of a picture, px, a multiple of 14.</param>
    /// <param name="precision">What it calculates with; <see cref="InferencePrecision.Auto"/> is float32. In- and outputs are float32.</param>
    /// <param name="target">What runs it.</param>
    /// <returns>A graph from <c>level3</c> and <c>level4</c>, [T, …], to <see cref="Path"/>, [T, …].</returns>
    public OnnxGraph TemporalGraph(int width, int height, InferencePrecision precision = InferencePrecision.Float32, GraphTarget target = GraphTarget.Any)
    {
        var sizes = LevelSizes(width, height);
        var graph = new GraphBuilder($"{Title} temporal head", PatchGrid.Compute(precision), target);
        GraphTensor Input(int i) => graph.Input(Levels[i], WindowLength, sizes[i].Channels, sizes[i].Height, sizes[i].Width);
        graph.Output(Attend(graph, Input(2), Input(3)), Path);
        return graph.Build();
    }

    /// <summary>From the two fine levels and the path to depth, frame by frame.</summary>
    /// <param name="width">Width of a picture, px, a multiple of 14.</param>
    /// <param name="height">Height of a picture, px, a multiple of 14.</param>
    /// <param name="precision">What it calculates with; <see cref="InferencePrecision.Auto"/> is float32. In- and outputs are float32.</param>
    /// <param name="frames">How many frames at once; null to leave it free.</param>
    /// <param name="target">What runs it.</param>
    /// <returns>A graph from <c>level1</c>, <c>level2</c> and <see cref="Path"/>, [frames, …], to <see cref="DepthOutput"/>.</returns>
    public OnnxGraph DecoderGraph(int width, int height, InferencePrecision precision = InferencePrecision.Float32, int? frames = null, GraphTarget target = GraphTarget.Any)
    {
        var sizes = LevelSizes(width, height);
        var graph = new GraphBuilder($"{Title} decoder", PatchGrid.Compute(precision), target);
        GraphTensor Input(int i, string name) => graph.Input(name, frames ?? -1, sizes[i].Channels, sizes[i].Height, sizes[i].Width);
        graph.Output(Decode(graph, Input(0, Levels[0]), Input(1, Levels[1]), Input(1, Path)), DepthOutput);
        return graph.Build();
    }

    /// <summary>The whole network over a window, as the original runs it: for use elsewhere, and to compare with.</summary>
    /// <param name="width">Width of a picture, px, a multiple of 14.</param>
    /// <param name="height">Height of a picture, px, a multiple of 14.</param>
    /// <param name="precision">What it calculates with; <see cref="InferencePrecision.Auto"/> is float32. In- and output are float32.</param>
    /// <param name="microBatch">How many frames are encoded, and decoded, at once: fewer take less memory. Null for all.</param>
    /// <param name="target">What runs it.</param>
    /// <returns>A graph from <see cref="PictureInput"/>, [1, T, 3, height, width], to <see cref="DepthOutput"/>, [1, T, height, width].</returns>
    public OnnxGraph WholeGraph(int width, int height, InferencePrecision precision = InferencePrecision.Float32, int? microBatch = 4, GraphTarget target = GraphTarget.Any)
    {
        PatchGrid.Check(width, height);
        int window = WindowLength, batch = Math.Clamp(microBatch ?? window, 1, window);
        var graph = new GraphBuilder(Title, PatchGrid.Compute(precision), target);
        var pictures = graph.Reshape(graph.Input(PictureInput, 1, window, 3, height, width), window, 3, height, width);
        GraphTensor Batch(GraphTensor of, int first) => graph.Slice(of, 0, first, Math.Min(batch, window - first));
        int[] starts = [.. Enumerable.Range(0, (window + batch - 1) / batch).Select(i => i * batch)];
        var encoded = starts.Select(first => Encode(graph, Batch(pictures, first))).ToArray();
        GraphTensor Level(int i) => graph.Concat([.. encoded.Select(levels => levels[i])], 0);
        var path = Attend(graph, Level(2), Level(3));
        var depth = starts.Select((first, i) => Decode(graph, encoded[i][0], encoded[i][1], Batch(path, first)));
        graph.Output(graph.Reshape(graph.Concat([.. depth], 0), 1, window, height, width), DepthOutput);
        return graph.Build();
    }

    private GraphTensor[] Encode(GraphBuilder graph, GraphTensor pictures)
    {
        long h = pictures.Shape[2] / DinoTransformer.Patch, w = pictures.Shape[3] / DinoTransformer.Patch;
        var taps = transformer.Taps(graph, pictures);
        var levels = taps.Select((tap, i) => head.Level(graph, tap, i, h, w)).ToArray();
        for (int i = 0; i < 2; i++) levels[i] = head.Skip(graph, head.Narrow(graph, levels[i], i), i);
        return levels;
    }

    private GraphTensor Attend(GraphBuilder graph, GraphTensor level3, GraphTensor level4)
    {
        long h = level3.Shape[2], w = level3.Shape[3];
        GraphTensor Temporal(int i, GraphTensor x) => modules[i].Apply(graph, x);
        var skip = head.Skip(graph, head.Narrow(graph, Temporal(0, level3), 2), 2);
        var path = head.Fuse(graph, head.Narrow(graph, Temporal(1, level4), 3), 3, h, w);
        path = head.Fuse(graph, graph.Add(Temporal(2, path), skip), 2, 2 * h, 2 * w);
        return Temporal(3, path);
    }

    private GraphTensor Decode(GraphBuilder graph, GraphTensor level1, GraphTensor level2, GraphTensor path)
    {
        long h = path.Shape[2] / 2, w = path.Shape[3] / 2;
        path = head.Fuse(graph, graph.Add(path, level2), 1, 4 * h, 4 * w);
        path = head.Fuse(graph, graph.Add(path, level1), 0, 8 * h, 8 * w);
        var depth = graph.Relu(head.Output(graph, path, h, w));
        return graph.Reshape(depth, depth.Shape[0], h * DinoTransformer.Patch, w * DinoTransformer.Patch);
    }
}
