//! The heartbeat: `tokio-cron-scheduler` with one job in UTC that does nothing but say "now". It plans nothing: its
//! zoned jobs drift at clock changes, it drops what it misses and may fire twice (decision 5 of the design).

use tokio::sync::mpsc;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

use super::error::ScheduleError;

/// A beating heart.
pub(super) struct Heartbeat {
    scheduler: JobScheduler,
}

fn failed(doing: &'static str) -> impl FnOnce(JobSchedulerError) -> ScheduleError {
    move |source| ScheduleError::Heartbeat { doing, source }
}

impl Heartbeat {
    /// Starts beating every so many seconds, 1 to 60. Beats that nobody takes in time are one beat.
    pub(super) async fn start(seconds: u32) -> Result<(Self, mpsc::Receiver<()>), ScheduleError> {
        let (sender, beats) = mpsc::channel(1);
        let cron = if seconds >= 60 { "0 * * * * *".to_owned() } else { format!("*/{seconds} * * * * *") };
        let beat = Job::new(cron.as_str(), move |_, _| {
            // A full channel holds a beat already.
            let _ = sender.try_send(());
        });
        let beat = beat.map_err(failed("start"))?;
        let scheduler = JobScheduler::new().await.map_err(failed("start"))?;
        scheduler.add(beat).await.map_err(failed("start"))?;
        scheduler.start().await.map_err(failed("start"))?;
        Ok((Self { scheduler }, beats))
    }

    /// Stops beating.
    pub(super) async fn stop(mut self) -> Result<(), ScheduleError> {
        self.scheduler.shutdown().await.map_err(failed("stop"))
    }
}
