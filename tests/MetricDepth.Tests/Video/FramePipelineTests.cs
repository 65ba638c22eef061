using MetricDepth.Video;

namespace MetricDepth.Tests.Video;

public class FramePipelineTests
{
    private sealed class Job
    {
        public long A;
        public long B;
        public long Sum;
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 1)]
    [InlineData(500, 500)]
    [InlineData(500, 333)]
    public void Frames_come_out_in_order_and_the_shorter_input_ends_them(int first, int second)
    {
        long a = 0, b = 0;
        List<long> written = [];
        int made = 0;
        var pipeline = new FramePipeline<Job>
        {
            CreateJob = () =>
            {
                made++;
                return new();
            },
            Readers = [j => (j.A = a++) < first, j => (j.B = b++) < second],
            CreateWorker = () => j =>
            {
                if (j.A % 7 == 0) Thread.Sleep(1);
                j.Sum = j.A + j.B;
            },
            Write = j => written.Add(j.Sum),
            Workers = 3,
        };
        Assert.Equal(Math.Min(first, second), pipeline.Run(TestContext.Current.CancellationToken));
        Assert.Equal(Enumerable.Range(0, Math.Min(first, second)).Select(i => 2L * i), written);
        Assert.Equal(7, made);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_failing_stage_ends_the_run_with_its_own_error(int stage)
    {
        long n = 0;
        void FailIn(int s)
        {
            if (s == stage && Interlocked.Increment(ref n) == 20) throw new InvalidDataException("frame 20");
        }
        var pipeline = new FramePipeline<Job>
        {
            CreateJob = () => new(),
            Readers =
            [
                _ =>
                {
                    FailIn(0);
                    return true;
                },
            ],
            CreateWorker = () => _ => FailIn(1),
            Write = _ => FailIn(2),
        };
        Assert.Equal("frame 20", Assert.Throws<InvalidDataException>(() => pipeline.Run(TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void Cancelling_ends_an_endless_run()
    {
        using var source = new CancellationTokenSource(50);
        var pipeline = new FramePipeline<Job> { CreateJob = () => new(), Readers = [_ => true], CreateWorker = () => _ => { }, Write = _ => { } };
        Assert.ThrowsAny<OperationCanceledException>(() => pipeline.Run(source.Token));
    }

    // Jobs of 1 MB and workers of 2 MB: what fits is made, never fewer than one worker and two jobs, never more than are of use.
    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(4.1, 1, 2)]
    [InlineData(5.1, 1, 3)]
    [InlineData(8.1, 2, 4)]
    [InlineData(100, 3, 6)]
    public void As_many_frames_are_in_flight_as_fit_into_memory(double megabytes, int workers, int jobs)
    {
        int madeJobs = 0, madeWorkers = 0, left = 50, written = 0;
        var pipeline = new FramePipeline<byte[]>
        {
            CreateJob = () =>
            {
                madeJobs++;
                return new byte[1_000_000];
            },
            Readers = [_ => left-- > 0],
            CreateWorker = () =>
            {
                madeWorkers++;
                var scratch = new byte[2_000_000];
                return job => scratch[job[0]]++;
            },
            Write = _ => written++,
            Workers = 3,
            MemoryBudget = (long)(megabytes * 1e6),
        };
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal((workers, jobs, 50), (madeWorkers, madeJobs, written));
    }
}
