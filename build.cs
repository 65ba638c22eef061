#:property PublishAot=false
// The whole build: dotnet run build.cs -- build|demo|test|bench|pack
// Needs the .NET SDK; everything else (ffmpeg, ONNX Runtime, packages) it finds or installs itself, once.
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

string[] paths = [.. args.Skip(1).Select(Path.GetFullPath)]; // before the folder changes
Directory.SetCurrentDirectory((string)AppContext.GetData("EntryPointFileDirectoryPath")!);
try
{
    return args switch
    {
        ["build"] => Build.Run(),
        ["demo"] => Demo.Run(null),
        ["demo", _] => Demo.Run(paths[0]),
        ["test"] => Tests.Run(),
        ["bench", .. var names] => Bench.Run(names),
        ["pack"] => Pack.Run(),
        _ => Usage(),
    };
}
catch (BuildFailure failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}

static int Usage()
{
    Console.Error.WriteLine("""
        dotnet run build.cs -- build          the console program (out/bin/metricdepth) and the PowerShell module
        dotnet run build.cs -- demo [video]   depth, stereo 3D and point clouds of a clip, into out/demo
        dotnet run build.cs -- test           every test
        dotnet run build.cs -- bench [name]   speed against ffmpeg alone
        dotnet run build.cs -- pack           the module to publish, into out/pack
        """);
    return 2;
}

/// <summary>One line that tells the user what is wrong and what to do.</summary>
sealed class BuildFailure(string message) : Exception(message);

/// <summary>Where things are, relative to the repository.</summary>
static class Place
{
    public const string Setup = "out/setup";
    public const string Bin = "out/bin";
    public const string ModuleBin = "module/bin";

    public static string Program(string name) => OperatingSystem.IsWindows() ? name + ".exe" : name;

    public static string Output(string project) => $"out/build/bin/{project}/release";

    public static string MetricDepth => Path.GetFullPath(Path.Combine(Bin, Program("metricdepth")));

    public static string Executable(string project) => Path.GetFullPath(Path.Combine(Output(project), Program(project)));
}

/// <summary>Other programs.</summary>
static class Shell
{
    private static readonly string[] UsualFolders = OperatingSystem.IsWindows()
        ? [@"C:\ffmpeg\bin", @"C:\Program Files\ffmpeg\bin", @"C:\Program Files\nodejs",
           Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "Microsoft", "WinGet", "Links")]
        : ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/snap/bin"];

    /// <summary>Full path of a program on PATH or in the usual folders; null if it is not there.</summary>
    public static string? Find(string name)
    {
        string[] files = OperatingSystem.IsWindows() ? [name + ".exe", name + ".cmd"] : [name];
        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Concat(UsualFolders)
            .SelectMany(folder => files.Select(file => Path.Combine(folder, file)))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Runs a program on this console and returns its exit code.</summary>
    public static int Run(string program, params IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments, quiet: false);
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Runs a program without showing its output; the output is for the case that it fails.</summary>
    public static (int ExitCode, string Output) RunQuietly(string program, params IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments, quiet: true);
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static Process Start(string program, IEnumerable<string> arguments, bool quiet)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = quiet, RedirectStandardError = quiet };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        // so that nothing outlives this program, holding its output open
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        return Process.Start(start) ?? throw new BuildFailure($"'{program}' could not be started.");
    }
}

/// <summary>A system package manager, and how it installs without asking.</summary>
sealed record PackageManager(string Program, string[] Install, Func<string, string> NameOf, string[]? Refresh = null, bool NeedsRoot = true)
{
    private static readonly PackageManager[] Known = OperatingSystem.IsWindows()
        ? [new("winget", ["install", "--exact", "--silent", "--accept-package-agreements", "--accept-source-agreements", "--id"],
               name => name == "npm" ? "OpenJS.NodeJS.LTS" : "Gyan.FFmpeg", NeedsRoot: false)]
        : [new("brew", ["install"], name => name == "npm" ? "node" : name, NeedsRoot: false),
           new("apt-get", ["install", "-y", "--no-install-recommends"], name => name, ["update"]),
           new("dnf", ["install", "-y"], name => name == "npm" ? "nodejs-npm" : "ffmpeg-free"),
           new("pacman", ["-Sy", "--noconfirm"], name => name),
           new("zypper", ["--non-interactive", "install"], name => name),
           new("apk", ["add"], name => name)];

    /// <summary>Installs a program, or says in one line what the user has to run.</summary>
    public static void Require(string name, string purpose)
    {
        var manager = Known.FirstOrDefault(m => Shell.Find(m.Program) is not null)
            ?? throw new BuildFailure($"{name} is missing ({purpose}): install it so that it is on the PATH, then run this again.");
        string command = string.Join(' ', [manager.Program, .. manager.Install, manager.NameOf(name)]);
        string[] prefix = manager.Elevation() ?? throw new BuildFailure($"{name} is missing ({purpose}): run  sudo {command}  and then this again.");

        Console.WriteLine($"Installing {name} ({purpose}): {command}");
        if (manager.Refresh is { } refresh) manager.Invoke(prefix, refresh);
        var (exitCode, output) = manager.Invoke(prefix, [.. manager.Install, manager.NameOf(name)]);
        if (exitCode == 0) return;
        string reason = output.Trim().Split('\n').LastOrDefault("").Trim();
        throw new BuildFailure($"{name} could not be installed ({reason}): run  {string.Join(' ', [.. prefix, command])}  and then this again.");
    }

    /// <summary>What to put before the command to have the rights; null when there is no way without asking for a password.</summary>
    private string[]? Elevation() =>
        !NeedsRoot || Environment.IsPrivilegedProcess ? []
        : Shell.Find("sudo") is { } sudo && Shell.RunQuietly(sudo, "-n", "true").ExitCode == 0 ? [sudo, "-n"]
        : null;

    private (int ExitCode, string Output) Invoke(string[] prefix, string[] arguments)
    {
        string[] all = [.. prefix, Shell.Find(Program)!, .. arguments];
        return Shell.RunQuietly(all[0], all[1..]);
    }
}

/// <summary>What the machine must have.</summary>
static class Setup
{
    private const string SourceVariable = "METRICDEPTH_ONNXRUNTIME";
    private const string SourceFile = Place.Setup + "/onnxruntime-source.txt";

    /// <summary>ffmpeg and ffprobe, where the library finds them too (FfmpegProgram).</summary>
    public static void Ffmpeg()
    {
        if (Environment.GetEnvironmentVariable("METRICDEPTH_FFMPEG") is { Length: > 0 } chosen && (File.Exists(chosen) || Directory.Exists(chosen))) return;
        if (HasFfmpeg()) return;
        PackageManager.Require("ffmpeg", "reads and writes video");
        if (!HasFfmpeg()) throw new BuildFailure("ffmpeg was installed but is not on the PATH: open a new terminal and run this again.");

        static bool HasFfmpeg() => Shell.Find("ffmpeg") is not null && Shell.Find("ffprobe") is not null;
    }

    /// <summary>Settles where ONNX Runtime comes from (eng/OnnxRuntime.targets acts on it): NuGet where the feed has it, otherwise npm.</summary>
    public static void OnnxRuntime()
    {
        string source = Environment.GetEnvironmentVariable(SourceVariable) is { Length: > 0 } wanted && wanted != "auto" ? wanted
            : File.Exists(SourceFile) ? File.ReadAllText(SourceFile).Trim()
            : File.Exists("eng/npm/node_modules/.fetched") ? "npm"
            : FeedHasIt() ? "nuget"
            : "npm";
        if (source == "npm" && !File.Exists("eng/npm/node_modules/.fetched") && Shell.Find("npm") is null)
        {
            PackageManager.Require("npm", "fetches ONNX Runtime, which the NuGet feed does not have");
            if (Shell.Find("npm") is null) throw new BuildFailure("npm was installed but is not on the PATH: open a new terminal and run this again.");
        }
        Directory.CreateDirectory(Place.Setup);
        File.WriteAllText(SourceFile, source);

        static bool FeedHasIt()
        {
            Console.WriteLine("Looking for ONNX Runtime on the NuGet feed");
            return Shell.RunQuietly("dotnet", "restore", "src/MetricDepth/MetricDepth.csproj", "-p:OnnxRuntimeSource=nuget").ExitCode == 0;
        }
    }
}

/// <summary>Tells whether anything changed since a step last succeeded, so that it need not run again.</summary>
sealed class Stamp(string name)
{
    private static readonly string[] Made = ["module/bin/", "eng/npm/node_modules/", "tests/npm/node_modules/"];
    private readonly string path = $"{Place.Setup}/{name}.stamp";
    private readonly string inputs = Fingerprint(["src", "tests", "eng", "module"], ["*.props", "*.slnx", ".editorconfig", "global.json", "nuget.config"]);

    public bool IsCurrent(params string[] outputs) =>
        File.Exists(path) && File.ReadAllText(path) == inputs + State(outputs);

    public void Set(params string[] outputs)
    {
        Directory.CreateDirectory(Place.Setup);
        File.WriteAllText(path, inputs + State(outputs));
    }

    private static string Fingerprint(string[] folders, string[] patterns)
    {
        var files = folders.SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
            .Concat(patterns.SelectMany(pattern => new DirectoryInfo(".").EnumerateFiles(pattern)))
            .Select(file => (Path: Path.GetRelativePath(".", file.FullName).Replace('\\', '/'), file.Length, file.LastWriteTimeUtc.Ticks))
            .Where(file => !Made.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)))
            .OrderBy(file => file.Path, StringComparer.Ordinal);
        var text = new StringBuilder(Environment.GetEnvironmentVariable("METRICDEPTH_ONNXRUNTIME"));
        foreach (var (path, length, ticks) in files) text.Append(CultureInfo.InvariantCulture, $"\n{path} {length} {ticks}");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string State(string[] outputs) => string.Concat(outputs.Select(output =>
        string.Create(CultureInfo.InvariantCulture, $"\n{output} {(File.Exists(output) ? File.GetLastWriteTimeUtc(output).Ticks : 0)}")));
}

/// <summary>Compiles, and puts the results where people look for them.</summary>
static class Build
{
    public static int Run()
    {
        Setup.Ffmpeg();
        Ensure();
        Console.WriteLine($"Console program: {Path.GetRelativePath(".", Place.MetricDepth)}");
        Console.WriteLine("PowerShell:      Import-Module ./MetricDepth.psd1");
        return 0;
    }

    /// <summary>Makes the outputs current; takes no time when they are.</summary>
    public static void Ensure()
    {
        string[] outputs =
        [
            Place.MetricDepth, $"{Place.Bin}/MetricDepth.dll", $"{Place.ModuleBin}/MetricDepth.dll", $"{Place.ModuleBin}/MetricDepth.PowerShell.dll",
            .. new[] { "MetricDepth.Tests", "MetricDepth.Scenes", "MetricDepth.Benchmarks" }.Select(name => $"{Place.Output(name)}/{name}.dll"),
        ];
        var stamp = new Stamp("build");
        if (stamp.IsCurrent(outputs)) return;

        Setup.OnnxRuntime();
        Console.WriteLine("Building (the first time takes about a minute)");
        var clock = Stopwatch.StartNew();
        if (Shell.Run("dotnet", "msbuild", "MetricDepth.slnx", "-restore", "-m", "-p:Configuration=Release", "-v:quiet", "-nologo") != 0)
            throw new BuildFailure("The build failed; its messages are above.");

        // The apphost has the library's name inside it, so it may be called what people type.
        Mirror(Place.Output("MetricDepth.Console"), Place.Bin, name => name == Place.Program("MetricDepth.Console") ? Place.Program("metricdepth") : name);
        Mirror(Place.Output("MetricDepth.PowerShell"), Place.ModuleBin, name => name, also: [$"{Place.Output("MetricDepth.Loader")}/MetricDepth.Loader.dll"]);
        stamp.Set(outputs);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Built in {clock.Elapsed.TotalSeconds:F0} s"));
    }

    /// <summary>Makes a folder the same as another, touching only what differs.</summary>
    private static void Mirror(string from, string to, Func<string, string> rename, params string[] also)
    {
        var wanted = Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".pdb", StringComparison.Ordinal) || Path.GetFileName(file).StartsWith("MetricDepth", StringComparison.Ordinal))
            .ToDictionary(file => rename(Path.GetRelativePath(from, file)));
        foreach (string file in also) wanted[Path.GetFileName(file)] = file;

        Directory.CreateDirectory(to);
        foreach (string old in Directory.EnumerateFiles(to, "*", SearchOption.AllDirectories))
            if (!wanted.ContainsKey(Path.GetRelativePath(to, old))) InUse(old, () => File.Delete(old));
        foreach (var (name, source) in wanted)
        {
            var (have, want) = (new FileInfo(Path.Combine(to, name)), new FileInfo(source));
            if (have.Exists && have.Length == want.Length && have.LastWriteTimeUtc == want.LastWriteTimeUtc) continue;
            Directory.CreateDirectory(have.DirectoryName!);
            InUse(have.FullName, () =>
            {
                // a running program keeps its old file; only its name is taken over
                if (have.Exists && !OperatingSystem.IsWindows()) have.Delete();
                want.CopyTo(have.FullName, overwrite: true);
            });
        }
    }

    private static void InUse(string file, Action change)
    {
        try
        {
            change();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BuildFailure($"'{file}' cannot be replaced ({e.Message}): close the PowerShell that has the module loaded, then run this again.");
        }
    }
}

/// <summary>Every test, and their sum as the last line.</summary>
static class Tests
{
    private static int passed, failed, skipped;

    public static int Run()
    {
        Setup.Ffmpeg();
        Build.Ensure();
        Directory.CreateDirectory("out/test");
        Library();
        Module();
        Format();
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed, {skipped} skipped"));
        return failed == 0 ? 0 : 1;
    }

    /// <summary>xunit: the library and the cmdlets.</summary>
    private static void Library()
    {
        const string Report = "out/test/xunit.xml";
        File.Delete(Report);
        int exitCode = Shell.Run(Place.Executable("MetricDepth.Tests"), "-nologo", "-noColor", "-xml", Path.GetFullPath(Report));
        if (!File.Exists(Report))
        {
            Fail($"The test program ended with exit code {exitCode} and no report.");
            return;
        }
        var assembly = XDocument.Load(Report).Root!.Element("assembly")!;
        passed += Count("passed");
        skipped += Count("skipped") + Count("not-run");
        failed += Count("failed") + Count("errors");
        if (exitCode != 0 && Count("failed") + Count("errors") == 0) Fail($"The test program ended with exit code {exitCode}.");

        int Count(string attribute) => (int?)assembly.Attribute(attribute) ?? 0;
    }

    /// <summary>Pester: the module in a real PowerShell, where there is one.</summary>
    private static void Module()
    {
        if (!Directory.Exists("tests/Module")) return;
        if (Shell.Find("pwsh") is not { } pwsh)
        {
            Skip("The module's tests in tests/Module need PowerShell 7 (pwsh) on the PATH.");
            return;
        }
        const string Report = "out/test/pester.txt";
        File.Delete(Report);
        Shell.Run(pwsh, "-NoProfile", "-NonInteractive", "-File", "eng/Test-Module.ps1", Path.GetFullPath(Report));
        string[] counts = File.Exists(Report) ? File.ReadAllText(Report).Trim().Split(' ') : [];
        if (counts is ["none"])
            Skip("The module's tests in tests/Module need Pester 5: Install-Module Pester -MinimumVersion 5 -Scope CurrentUser.");
        else if (counts is not [var p, var f, var s])
            Fail("PowerShell ended without a report of the module's tests.");
        else
        {
            passed += int.Parse(p, CultureInfo.InvariantCulture);
            failed += int.Parse(f, CultureInfo.InvariantCulture);
            skipped += int.Parse(s, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The code's style, as .editorconfig has it.</summary>
    private static void Format()
    {
        var stamp = new Stamp("format");
        if (!stamp.IsCurrent())
        {
            // eng/npm holds ONNX Runtime's own sources
            var (exitCode, output) = Shell.RunQuietly("dotnet", "format", "MetricDepth.slnx", "--verify-no-changes", "--no-restore", "--exclude", "eng/npm");
            if (exitCode != 0)
            {
                foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(10)) Console.WriteLine(line);
                Fail("The code is not formatted: run  dotnet format MetricDepth.slnx --exclude eng/npm");
                return;
            }
            stamp.Set();
        }
        passed++;
    }

    private static void Skip(string reason)
    {
        Console.WriteLine("SKIPPED: " + reason);
        skipped++;
    }

    private static void Fail(string reason)
    {
        Console.WriteLine("FAILED: " + reason);
        failed++;
    }
}

/// <summary>A clip all the way to stereo 3D and point clouds, through the real cmdlets.</summary>
static class Demo
{
    private const string Folder = "out/demo";

    public static int Run(string? video)
    {
        if (video is not null && !File.Exists(video)) throw new BuildFailure($"There is no file '{video}': give the path of a video.");
        Setup.Ffmpeg();
        Build.Ensure();
        Directory.CreateDirectory(Folder);
        const string folder = Folder + "/";
        string clip = video ?? Walk(folder);
        string depth = folder + Path.GetFileName(clip) + "_depth.mkv";
        string stereo = depth + "_stereo.mkv";
        string points = depth + "_points";
        const string sheet = folder + "contact-sheet.png";

        File.Delete(sheet); // so that a clip that cannot be done does not leave another's picture

        // of the walk the lens and one distance are known (half of what it shows is farther than 5.2 m); of a clip of yours, neither
        string[] known = video is null ? ["-HorizontalFov", "63", "-MedianDepth", "5.2", "-Model", "MotionStereo"] : [];
        if (Cmdlets(["ConvertTo-MetricDepth", "-LiteralPath", clip, "-DestinationPath", folder, "-Force", .. known, "|", "Invoke-StereoRender", "-Force"]) != 0)
            return 1;
        if (Directory.Exists(points)) Directory.Delete(points, recursive: true);
        if (Cmdlets(["Export-DepthPointCloud", "-LiteralPath", depth, "-Every", "25", "-First", "4"]) != 0) return 1;

        ContactSheet(clip, depth, stereo, sheet);
        Table([
            (clip, video is null ? "the clip, filmed in a ray-cast room" : "your clip"),
            (depth, "depth video: every pixel in metres"),
            (stereo, "stereo 3D, left | right, with the clip's sound"),
            .. Directory.EnumerateFiles(points, "*.ply").Order(StringComparer.Ordinal).Select(ply => (ply, "point cloud, metres and colours")),
            (sheet, "contact sheet: colour | depth | anaglyph"),
        ]);
        return 0;
    }

    /// <summary>The clip of those who bring none.</summary>
    private static string Walk(string folder)
    {
        string clip = folder + "walk.mp4";
        if (File.Exists(clip)) return clip;
        Say("Filming a walk through a ray-cast room");
        if (Shell.Run(Place.Executable("MetricDepth.Scenes"), "walk", clip, "--seconds", "4") != 0) throw new BuildFailure("The walk could not be filmed.");
        return clip;
    }

    /// <summary>The library draws the sheet; this program is compiled before the library is, so it calls it by name.</summary>
    private static void ContactSheet(params object[] paths)
    {
        try
        {
            Assembly.LoadFrom(Path.GetFullPath($"{Place.Bin}/MetricDepth.dll"))
                .GetType("MetricDepth.Export.ContactSheet", throwOnError: true)!.GetMethod("Run")!.Invoke(null, paths);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            throw new BuildFailure($"The contact sheet could not be drawn: {(inner.InnerException ?? inner).Message}");
        }
    }

    private static void Table(List<(string Path, string What)> files)
    {
        var rows = files.ConvertAll(file => (
            Path: Path.GetRelativePath(".", file.Path) is var near && near.StartsWith("..", StringComparison.Ordinal) ? file.Path : near,
            Size: string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(file.Path).Length / 1e6:F1} MB"),
            file.What));
        int width = rows.Max(row => row.Path.Length);
        Console.WriteLine();
        foreach (var (path, size, what) in rows) Console.WriteLine($"{path.PadRight(width)}  {size,9}  {what}");
    }

    /// <summary>Runs a pipeline of cmdlets, showing what one would type.</summary>
    private static int Cmdlets(string[] words)
    {
        Say("metricdepth " + string.Join(' ', words.Select(word => word == "|" ? "'|'" : word.Contains(' ', StringComparison.Ordinal) ? $"'{word}'" : word)));
        return Shell.Run(Place.MetricDepth, words);
    }

    private static void Say(string what)
    {
        Console.WriteLine();
        Console.WriteLine(what);
    }
}

/// <summary>Speed against ffmpeg alone.</summary>
static class Bench
{
    public static int Run(string[] names)
    {
        Setup.Ffmpeg();
        Build.Ensure();
        return Shell.Run(Place.Executable("MetricDepth.Benchmarks"), names);
    }
}

/// <summary>The folder that one would publish: the module for every platform, its help, and the licences.</summary>
static class Pack
{
    public static int Run()
    {
        Setup.OnnxRuntime();
        string version = XDocument.Load("Directory.Build.props").Descendants("Version").Single().Value;
        string folder = Path.GetFullPath($"out/pack/MetricDepth/{version}");
        string bin = Path.Combine(folder, "module", "bin");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);

        Console.WriteLine("Publishing for every platform");
        foreach (string project in new[] { "MetricDepth.PowerShell", "MetricDepth.Loader" })
            // an artifacts folder of its own, so that the everyday build keeps to this platform
            if (Shell.Run("dotnet", "publish", $"src/{project}", "-c", "Release", "-v", "quiet", "-nologo", "-p:OnnxRuntimePlatforms=all",
                "-p:DebugType=none", "-p:PublishDocumentationFiles=false", $"-p:ArtifactsPath={Path.GetFullPath("out/pack-build")}", "-o", bin) != 0)
                throw new BuildFailure("Publishing failed; its messages are above.");

        // the help is published already: PowerShell looks for it beside the binary module
        var sources = Directory.EnumerateFiles("module", "*", SearchOption.AllDirectories)
            .Where(file => !new[] { Place.ModuleBin, "module/en-US" }.Any(made => file.Replace('\\', '/').StartsWith(made + "/", StringComparison.Ordinal)));
        foreach (string file in sources.Concat(new[] { "MetricDepth.psd1", "LICENSE", "CHANGELOG.md", "README.md", "models/catalog.json", "models/README.md" }.Where(File.Exists)))
            Copy(file, Path.Combine(folder, file));
        foreach (string file in Directory.EnumerateFiles("eng/licences")) Copy(file, Path.Combine(folder, "licences", Path.GetFileName(file)));
        string fromPackages = Path.Combine(bin, "licences");
        foreach (string file in Directory.EnumerateFiles(fromPackages)) Copy(file, Path.Combine(folder, "licences", Path.GetFileName(file)));
        Directory.Delete(fromPackages, recursive: true);

        double size = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) / 1e6;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(".", folder)}  {size:F0} MB"));
        Console.WriteLine($"Import-Module {folder}");
        return 0;

        static void Copy(string from, string to)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to, overwrite: true);
        }
    }
}
