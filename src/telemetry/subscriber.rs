//! Sets up where log lines go and what they look like. Called once, from `main`.

use std::fmt;
use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

use crate::clock::Clock;
use crate::config::{LogFormat, LogSettings};
use crate::model::ErrorClass;

/// Why there are no log lines.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is not one. `config` checks it first, so only a filter made elsewhere comes here.
    #[error("read the log filter `{filter}`")]
    Filter {
        /// The filter.
        filter: String,
        /// Why.
        source: tracing_subscriber::filter::ParseError,
    },
    /// Somebody set up telemetry before.
    #[error("start logging a second time in one process")]
    Twice,
}

impl TelemetryError {
    /// A wrong filter is the user's, a second start is ours.
    #[must_use]
    pub const fn class(&self) -> ErrorClass {
        match self {
            Self::Filter { .. } => ErrorClass::Usage,
            Self::Twice => ErrorClass::Bug,
        }
    }
}

/// Sends log lines of this process to standard error. In colour only on a terminal, and only where colour is wanted.
///
/// # Errors
/// When the filter cannot be read, or telemetry runs already.
pub fn init_telemetry(settings: &LogSettings, clock: Clock) -> Result<(), TelemetryError> {
    let colour = settings.colour && io::stderr().is_terminal();
    let subscriber = build_subscriber(settings, clock, colour, io::stderr)?;
    tracing::subscriber::set_global_default(subscriber).map_err(|_| TelemetryError::Twice)
}

fn build_subscriber<W>(
    settings: &LogSettings,
    clock: Clock,
    colour: bool,
    writer: W,
) -> Result<Box<dyn tracing::Subscriber + Send + Sync>, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&settings.filter)
        .map_err(|source| TelemetryError::Filter { filter: settings.filter.clone(), source })?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_timer(Stamp(clock));
    Ok(match settings.format {
        LogFormat::Human => Box::new(lines.with_ansi(colour).with_target(false).finish()),
        LogFormat::Json => Box::new(lines.json().flatten_event(true).with_current_span(true).finish()),
    })
}

/// Stamps lines with the clock of the run, so that a rehearsal's lines carry its time.
struct Stamp(Clock);

impl FormatTime for Stamp {
    fn format_time(&self, w: &mut Writer<'_>) -> fmt::Result {
        write!(w, "{:.3}", self.0.now())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::build_subscriber;
    use crate::clock::Clock;
    use crate::config::{LogFormat, LogSettings};
    use crate::telemetry::{Masked, field};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("nobody panicked").write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn log(filter: &str, format: LogFormat) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let settings = LogSettings { filter: filter.to_owned(), format, colour: false };
        let clock = Clock::Fixed("2021-01-11T09:30:00Z".parse().expect("an instant"));
        let subscriber = build_subscriber(&settings, clock, false, move || writer.clone()).expect("a filter");
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!({ field::ROWS } = 5, "quiet");
            tracing::warn!({ field::JOB } = "nightly", to = %Masked::new("a@example.org"), "late");
        });
        let bytes = lines.0.lock().expect("nobody panicked").clone();
        String::from_utf8(bytes).expect("lines are text")
    }

    #[test]
    fn lines_are_for_people_and_quiet_by_default() {
        assert_eq!(log("warn", LogFormat::Human), "2021-01-11T09:30:00.000Z  WARN late job=\"nightly\" to=***\n");
        assert_eq!(log("off", LogFormat::Human), "");
    }

    #[test]
    fn lines_are_for_machines_on_demand() {
        assert_eq!(
            log("info", LogFormat::Json),
            concat!(
                r#"{"timestamp":"2021-01-11T09:30:00.000Z","level":"INFO","message":"quiet","rows":5,"#,
                r#""target":"mesur::telemetry::subscriber::tests"}"#,
                "\n",
                r#"{"timestamp":"2021-01-11T09:30:00.000Z","level":"WARN","message":"late","job":"nightly","to":"***","#,
                r#""target":"mesur::telemetry::subscriber::tests"}"#,
                "\n",
            )
        );
    }

    #[test]
    fn a_wrong_filter_is_refused() {
        let settings = LogSettings { filter: "a=b=c".to_owned(), format: LogFormat::Human, colour: false };
        let error = build_subscriber(&settings, Clock::System, false, io::sink).err().expect("not a filter");
        assert_eq!(error.to_string(), "read the log filter `a=b=c`");
    }
}
