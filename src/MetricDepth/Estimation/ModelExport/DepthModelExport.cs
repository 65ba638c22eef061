using System.Globalization;
using MetricDepth.Estimation.Choice;
using MetricDepth.Estimation.DepthAnything.Network;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Graphs;
using MetricDepth.Inference.Models;

namespace MetricDepth.Estimation.ModelExport;

/// <summary>
/// Writes a network that is known here as ONNX files for use elsewhere: operators, weights and what they mean, in files that need no other.
/// The weights go from the mapped checkpoint into the file piece by piece, so memory does not depend on their size.
/// </summary>
public static class DepthModelExport
{
    private const string Extension = ".onnx", WeightsExtension = ".data";

    /// <summary>Describes a checkpoint at hand by what is in it, its name, and what its user says of it.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <param name="facts">What the user says.</param>
    /// <exception cref="MetricDepthException">It is no checkpoint of a network that is known here.</exception>
    public static InstalledModel Describe(string path, CustomModelFacts facts)
    {
        var model = ModelFile.Describe(path, facts.Output, out _);
        var info = model.Info;
        if (facts.MaxDepth is { } metres)
        {
            if (info.Family != ModelFamily.DepthAnythingV2 || facts.Output is not (null or OutputMeaning.Depth))
                throw new MetricDepthException("MaxDepthNotUsed", FailureKind.InvalidArgument,
                    $"-MaxDepth is for metric checkpoints of Depth-Anything-V2, and '{path}' is none. Leave it out.");
            info = info with { MaxDepth = metres, IsMetric = true, Output = OutputMeaning.Depth };
        }
        return model with { Info = info with { Heads = facts.Heads ?? info.Heads } };
    }

    /// <summary>The name of a file that nobody named.</summary>
    public static string DefaultName(InstalledModel model, int width, int height, InferencePrecision precision)
    {
        // a file at hand is called by its file's name; a model of the store may have a dot in its name
        string name = model.Info.Name == Path.GetFileName(model.Path) ? Path.GetFileNameWithoutExtension(model.Path) : model.Info.Name;
        return string.Create(CultureInfo.InvariantCulture, $"{name}-{width}x{height}{(precision == InferencePrecision.Float16 ? "-fp16" : "")}{Extension}");
    }

    /// <summary>The files that an export writes.</summary>
    /// <exception cref="MetricDepthException"><c>ModelIsOnnx</c>, <c>LayoutNotApplicable</c>, <c>DestinationNotOnnx</c>; a file exists or cannot be written.</exception>
    public static IReadOnlyList<string> Files(DepthModelExportOptions options)
    {
        var family = options.Model.Info.Family;
        if (family is not (ModelFamily.VideoDepthAnything or ModelFamily.DepthAnythingV2))
            throw new MetricDepthException("ModelIsOnnx", FailureKind.InvalidArgument,
                $"{options.Model.Info.Name} is an ONNX file already: copy '{options.Model.Path}'.");
        if (options.Layout == GraphLayout.Split && family != ModelFamily.VideoDepthAnything)
            throw new MetricDepthException("LayoutNotApplicable", FailureKind.InvalidArgument,
                $"{options.Model.Info.Name} looks at each picture for itself, so there is nothing to split. Leave -Layout out.");
        if (!Path.GetExtension(options.DestinationPath).Equals(Extension, StringComparison.OrdinalIgnoreCase))
            throw new MetricDepthException("DestinationNotOnnx", FailureKind.InvalidArgument,
                $"'{options.DestinationPath}' is to be an ONNX file. Give a -DestinationPath that ends with {Extension}.");
        string stem = Path.ChangeExtension(Path.GetFullPath(options.DestinationPath), null);
        string[] files = options.Layout == GraphLayout.Whole
            ? [Path.GetFullPath(options.DestinationPath)]
            : [$"{stem}_encoder{Extension}", $"{stem}_temporal{Extension}", $"{stem}_decoder{Extension}"];
        foreach (string file in files) OutputName.ThrowIfUnusable(file, options.Overwrite, options.Model.Path);
        return files;
    }

    /// <summary>Writes the files; all of them, or none.</summary>
    /// <exception cref="MetricDepthException">The checkpoint is not what it is taken for; a file cannot be written.</exception>
    public static IReadOnlyList<FileInfo> Run(DepthModelExportOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var files = Files(options);
        options = options with { Model = Identify(options, progress, cancellation) };
        var info = options.Model.Info;
        using var checkpoint = Checkpoint.Open(options.Model.Path);
        var parts = Graphs(options, checkpoint, out int? window);
        if (info.NonCommercial)
            progress?.Report(FrameProgress.Warning($"The licence of {info.Name}, {info.License}, forbids commercial use; it goes for the exported file, too."));
        var written = new List<PartialFile>();
        try
        {
            long total = parts.Sum(part => part.Graph.WeightBytes), before = 0;
            foreach (var ((name, graph), path) in parts.Zip(files))
            {
                var relay = new Relay(bytes => progress?.Report(
                    new($"Writing {Path.GetFileName(path)}", before + Math.Min(graph.WeightBytes, bytes), total, Unit: ProgressUnit.Bytes)));
                written.Add(PartialFile.Create(path, options.Overwrite));
                // beside the model, where its readers look for it
                if (graph.WeightBytes > options.MostWeightsInside) written.Add(PartialFile.Create(path + WeightsExtension, options.Overwrite));
                Write(graph, written[^1].FinalPath == path ? [written[^1]] : [written[^2], written[^1]], ExportNotes.For(options, name, window), relay, cancellation);
                before += graph.WeightBytes;
            }
            cancellation.ThrowIfCancellationRequested();
            foreach (var file in written) file.Commit();
            return [.. written.Select(file => new FileInfo(file.FinalPath))];
        }
        finally
        {
            foreach (var file in written) file.Dispose();
        }
    }

    // A checkpoint at hand that is one of the catalog's is recognised by its hash, whatever its name.
    private static InstalledModel Identify(DepthModelExportOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var model = options.Model;
        if (model.Sha256.Length > 0) return model;
        model = model with { Sha256 = FileHash.Compute(model.Path, $"Hashing {Path.GetFileName(model.Path)}", progress, cancellation) };
        var published = ModelCatalog.BuiltIn.Models.FirstOrDefault(known => known.Sha256 == model.Sha256);
        string meaning = model.Info.IsMetric ? "metric" : "relative";
        progress?.Report(FrameProgress.Verbose(published is null
            ? $"'{model.Path}' is taken for a {meaning} checkpoint of {model.Info.Family}."
            : $"'{model.Path}' is {published.Name}, by its hash."));
        if (published is null) return model;
        return model with
        {
            Info = !options.MeaningIsTold ? published : model.Info with
            {
                Name = published.Name,
                License = published.License,
                NonCommercial = published.NonCommercial,
                Source = published.Source,
            },
        };
    }

    private static IReadOnlyList<(string Part, OnnxGraph Graph)> Graphs(DepthModelExportOptions options, Checkpoint checkpoint, out int? window)
    {
        var info = options.Model.Info;
        var (width, height, precision) = (options.Width, options.Height, options.Precision);
        window = null;
        if (info.Family == ModelFamily.DepthAnythingV2)
        {
            var image = DepthAnythingNetwork.Read(checkpoint, info.Heads);
            return [("whole", image.Graph(width, height, info.IsMetric ? info.MaxDepth : null, precision))];
        }
        var video = VideoDepthAnythingNetwork.Read(checkpoint, info.Heads);
        window = video.WindowLength;
        return options.Layout == GraphLayout.Whole
            ? [("whole", video.WholeGraph(width, height, precision))]
            : [("encoder", video.EncoderGraph(width, height, precision)), ("temporal", video.TemporalGraph(width, height, precision)), ("decoder", video.DecoderGraph(width, height, precision))];
    }

    private static void Write(OnnxGraph graph, PartialFile[] files, Dictionary<string, string> notes, IProgress<long> progress, CancellationToken cancellation)
    {
        try
        {
            using var model = Create(files[0]);
            if (files is [_, var beside])
            {
                using var weights = Create(beside);
                graph.Write(model, weights, Path.GetFileName(beside.FinalPath), notes, progress, cancellation);
            }
            else graph.Write(model, notes, progress, cancellation);
        }
        catch (IOException e)
        {
            throw new MetricDepthException("ModelNotWritten", FailureKind.Storage,
                $"'{files[0].FinalPath}' cannot be written: {e.Message} Free some space, or write elsewhere with -DestinationPath.", e);
        }

        static FileStream Create(PartialFile file) => new(file.TemporaryPath, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 18);
    }

    // Progress<T> would report on another thread, out of order.
    private sealed class Relay(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
