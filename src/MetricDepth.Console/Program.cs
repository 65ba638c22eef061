using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Text;
using MetricDepth.CommandLine;
using MetricDepth.CommandLine.Display;

if (args is ["complete", ..]) return Completer.Run(Environment.GetEnvironmentVariable("COMP_LINE"), Environment.GetEnvironmentVariable("COMP_POINT"));
if (args is ["--version"])
{
    Console.WriteLine("metricdepth " + typeof(PipelineRunner).Assembly.GetName().Version?.ToString(3));
    return 0;
}
if (OperatingSystem.IsWindows()) Console.OutputEncoding = Encoding.UTF8;

// `metricdepth`, `metricdepth --help`, `metricdepth Get-DepthVideo -?`
if (args is [] or ["--help" or "-h" or "-?" or "/?"]) args = ["Get-Help"];
else if (args is [_, "--help" or "-h" or "-?" or "/?"]) args = ["Get-Help", args[0]];

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    // asked twice: somebody does not want to wait for the cleaning up
    if (stop.IsCancellationRequested) Environment.Exit(130);
    signal.Cancel = true;
    stop.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

using var streams = new ConsoleStreams(stop.Token);
return PipelineRunner.Run(new PipelineOptions { Cancellation = stop.Token }, streams, args);
