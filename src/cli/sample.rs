//! `mesur sample`: deterministic synthetic extracts.

use crate::sample::{SampleOptions, write_sample};

use super::arguments::SampleArguments;
use super::error::CliError;

pub(super) fn run(arguments: &SampleArguments) -> Result<u8, CliError> {
    let options = SampleOptions {
        firms: arguments.firms,
        seed: arguments.seed,
        from: arguments.from,
        to: arguments.to,
        planted: arguments.planted,
        dirt: arguments.dirt.0,
    };
    let report = write_sample(&options, &arguments.out)?;
    say!("{}", report.to_string().trim_end());
    Ok(0)
}
