namespace System.Management.Automation;

/// <summary>Where a pipeline's streams go, and who answers its questions. Called on the pipeline's thread only.</summary>
internal interface IPipelineHost
{
    void Output(object? value);
    void Error(ErrorRecord error);
    void Warning(string text);
    void Verbose(string text);
    void Debug(string text);
    void Information(string text);
    void Progress(ProgressRecord record);
    /// <summary>Shows a question; the answer's index into <paramref name="choices"/>, or null where nobody can answer.</summary>
    int? Ask(string caption, string question, IReadOnlyList<string> choices);
}
